package dev.holdfast.tests.faults;

import java.util.Map;

/** What leads to the answers of the operator's operations that are their own. */
final class ContractAdmin {

    private final Contract contract;

    ContractAdmin(Contract contract) {
        this.contract = contract;
    }

    void all() {
        tenants();
        keys();
        contract.call("listAudit", 200, "");
        contract.query("listAudit", 404, "tenant=nobody");
    }

    private void tenants() {
        contract.call("createTenant", 201, "{\"name\": \"contract\", \"quotas\": {\"openJobs\": 100}}");
        contract.call("createTenant", 409, "{\"name\": \"contract\"}");
        contract.call("listTenants", 200, "");
        var tenant = Map.of("tenant", "contract");
        contract.call("getTenant", 200, tenant, "");
        contract.call("setQuotas", 400, tenant, "{");
        contract.call("setQuotas", 422, tenant, "{\"openJobs\": 0}");
        contract.call("suspendTenant", 200, tenant, "");
        contract.call("suspendTenant", 409, Map.of("tenant", "local"), "");
        contract.call("resumeTenant", 200, tenant, "");
    }

    private void keys() {
        var body = "{\"name\": \"contract\", \"tenant\": \"contract\", \"scopes\": [\"jobs:read\"]}";
        var id = Map.of(
                "id", contract.call("createKey", 201, body).body().at("/key/id").asText());
        contract.query("listKeys", 200, "tenant=contract");
        contract.query("listKeys", 404, "tenant=nobody");
        var rotated = contract.call("rotateKey", 201, id, "{\"overlap\": \"PT1H\"}");
        contract.call("rotateKey", 400, id, "{");
        contract.call("rotateKey", 422, id, "{\"overlap\": \"-PT1H\"}");
        contract.call("revokeKey", 200, id, "");
        contract.call("rotateKey", 409, id, "{}");
        var own = contract.api
                .request("/")
                .build()
                .headers()
                .firstValue("Authorization")
                .orElseThrow();
        contract.call("revokeKey", 409, Map.of("id", own.substring(7, 18)), "");
        contract.call(
                "revokeKey", 200, Map.of("id", rotated.body().at("/key/id").asText()), "");
    }
}
