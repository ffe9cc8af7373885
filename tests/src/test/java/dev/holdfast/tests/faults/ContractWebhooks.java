package dev.holdfast.tests.faults;

import java.util.Map;

/** What leads to the answers of webhooks that are their own. */
final class ContractWebhooks {

    private final Contract contract;

    ContractWebhooks(Contract contract) {
        this.contract = contract;
    }

    static String body(String name) {
        return """
                {"name": "%s", "url": "https://hooks.example.org/", "types": ["restore"]}""".formatted(name);
    }

    void all() {
        contract.call("createWebhook", 201, body("contract"));
        contract.call("createWebhook", 409, body("contract"));
        contract.call("listWebhooks", 200, "");
        var name = Map.of("name", "contract");
        contract.call("getWebhook", 200, name, "");
        contract.call("replaceWebhook", 200, name, body("contract"));
        contract.call("rotateWebhook", 201, name, "{\"overlap\": \"PT1H\"}");
        contract.call("deleteWebhook", 204, name, "");
    }
}
