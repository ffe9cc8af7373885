package dev.holdfast.tests.faults;

import dev.holdfast.tests.Cloud;
import java.util.Map;

/** What leads to the answers of repositories and connections that are their own. */
final class ContractRepositories {

    private final Contract contract;

    ContractRepositories(Contract contract) {
        this.contract = contract;
    }

    static String connection(String name, String bucket) {
        return """
                {"name": "%s", "endpoint": "%s", "bucket": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(name, Cloud.endpoints().s3(), bucket);
    }

    void all() {
        repositories();
        connections();
    }

    private void repositories() {
        contract.call("createRepository", 201, "{\"name\": \"contract\"}");
        contract.call("createRepository", 409, "{\"name\": \"contract\"}");
        contract.call("listRepositories", 200, "");
        contract.call("getRepository", 200, Map.of("name", "contract"), "");
        var backup = contract.api.run("""
                {"type": "backup", "payload": {"repository": "contract",
                 "source": {"kind": "inline", "name": "a.txt", "contentBase64": "YQ=="}}}""");
        var snapshot = Map.of(
                "name",
                "contract",
                "id",
                backup.path("result").path("snapshotId").asText());
        contract.call("listSnapshots", 200, Map.of("name", "contract"), "");
        contract.call("getSnapshot", 200, snapshot, "");
        contract.call("listFiles", 200, snapshot, "");
        contract.call("getJobLog", 200, Map.of("id", backup.path("id").asText()), "");
    }

    private void connections() {
        var bucket = contract.house.house.name;
        contract.call("createConnection", 201, connection("contract", bucket));
        contract.call("createConnection", 409, connection("contract", bucket));
        contract.call("listConnections", 200, "");
        var name = Map.of("name", "contract");
        contract.call("getConnection", 200, name, "");
        contract.call("replaceConnection", 200, name, connection("contract", bucket));
        contract.call("replaceConnection", 400, name, "{");
        contract.call("replaceConnection", 422, name, "{\"nonsense\": 1}");
        contract.call("createRepository", 201, "{\"name\": \"elsewhere\", \"connection\": \"contract\"}");
        contract.call("deleteConnection", 409, name, "");
        contract.call("createConnection", 201, connection("unused", bucket));
        contract.call("deleteConnection", 204, Map.of("name", "unused"), "");
    }
}
