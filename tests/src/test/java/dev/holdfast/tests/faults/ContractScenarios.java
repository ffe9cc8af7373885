package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.dynamo.Item;
import dev.holdfast.tests.Api.Answer;
import dev.holdfast.tests.faults.OpenApi.Operation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** What leads to the answers of operations that are their own, and not every operation's. */
final class ContractScenarios {

    private static final String FAR = "2199-01-01T00:00:00Z";

    private final Contract contract;
    private String links = "";

    ContractScenarios(Contract contract) {
        this.contract = contract;
    }

    /** The queries of links in mails that are good. */
    String links() {
        return links;
    }

    /** A body that is valid, and asks for something that does no harm. */
    static String bodyOf(Operation operation) {
        return switch (operation.id()) {
            case "submitJob" -> registration("contract-never", FAR);
            case "submitJobs" -> "{\"items\": []}";
            case "createUpload" -> "{\"name\": \"a.txt\", \"size\": 5}";
            case "createSchedule", "replaceSchedule" -> ContractSchedules.body("contract-never");
            case "createRepository" -> "{\"name\": \"contract-never\"}";
            case "createConnection", "replaceConnection" ->
                ContractRepositories.connection("contract-never", "nowhere");
            case "replaceNotificationSettings" -> "{}";
            case "redriveDeadLetters" -> "{\"lane\": \"quick\"}";
            case "createTenant" -> "{\"name\": \"contract-never\"}";
            case "createWebhook", "replaceWebhook" -> ContractWebhooks.body("contract-never");
            case "setQuotas", "rotateKey", "rotateWebhook" -> "{}";
            case "createKey" -> "{\"name\": \"contract\", \"scopes\": [\"jobs:read\"]}";
            default -> throw new AssertionError("say what a valid body of " + operation + " is");
        };
    }

    void jobs() throws Exception {
        var registration = registration("contract", "");
        var id = id(contract.call("submitJob", 202, registration, "Idempotency-Key", "contract-1"));
        assertThat(contract.api.await(id).path("state").asText()).isEqualTo("SUCCEEDED");
        contract.call("submitJob", 200, registration, "Idempotency-Key", "contract-1");
        contract.call(
                "submitJobs", 200, "{\"items\": [{\"job\": " + registration("contract-b", "") + "}, {\"job\": {}}]}");
        contract.call("listJobs", 200, "");
        contract.call("listJobTypes", 200, "");
        var shown = contract.call("getJob", 200, Map.of("id", id), "");
        contract.call("getJob", 304, Map.of("id", id), "", "If-None-Match", shown.header("ETag"));
        contract.call("streamJobEvents", 200, Map.of("id", id), "");
        contract.call("streamJobEvents", 204, Map.of("id", id), "", "Last-Event-ID", "999999999999999");
        contract.call("cancelJob", 409, Map.of("id", id), "");
        contract.call("retryJob", 409, Map.of("id", id), "");
        waiting();
        retried();
        cancelledInWork();
    }

    /** The house lets one request of a tenant wait. */
    private void waiting() throws Exception {
        var later = id(contract.call("submitJob", 202, registration("contract-later", FAR)));
        var events = "/v1/jobs/" + later + "/events";
        for (var i = 0; i < 2; i++) {
            var head = contract.api.send(contract.api.request(events).HEAD());
            assertThat(head.status()).as("it does not wait").isEqualTo(200);
        }
        try (var lines = contract.api.lines(events)) {
            assertThat(lines.iterator().next()).startsWith("retry:");
            contract.call("streamJobEvents", 429, Map.of("id", later), "");
            contract.call("getJob", 429, Map.of("id", later + "?wait=1s"), "");
        }
        contract.call("cancelJob", 200, Map.of("id", later), "");
    }

    private void retried() {
        var failed = id(contract.call("submitJob", 202, registration("contract", "")));
        contract.api.await(failed);
        contract.call("retryJob", 202, Map.of("id", failed), "");
        await().until(() -> contract.api.await(failed).path("history").size() == 6);
    }

    private void cancelledInWork() {
        var slow = Rule.on("TransactWriteItems").next(1).then(new Fault.Delay(Duration.ofSeconds(4)));
        FaultHouse.arm(contract.house.workers(Proxies::dynamodb), slow);
        var id = id(contract.call("submitJob", 202, registration("contract-work", "")));
        await().until(() ->
                contract.api.get("/v1/jobs/" + id).body().path("state").asText().equals("RUNNING"));
        contract.call("cancelJob", 202, Map.of("id", id), "");
        contract.house.heal();
    }

    void deadLetters() {
        contract.query("listDeadLetters", 200, "lane=quick");
        contract.call("redriveDeadLetters", 200, "{\"lane\": \"quick\", \"dryRun\": true}");
    }

    void uploadsAndUsers() throws Exception {
        contract.call("createUpload", 201, "{\"name\": \"a.img\", \"size\": 100000000}");
        var upload = contract.call("createUpload", 201, "{\"name\": \"a.txt\", \"size\": 5}")
                .body();
        var uploadId = Map.of("id", upload.path("uploadId").asText());
        contract.call("completeUpload", 409, uploadId, "");
        put(upload.path("url").asText(), "12345");
        contract.call("completeUpload", 200, uploadId, "");
        var user = contract.api
                .run(registration("contract-user", ""))
                .path("result")
                .path("userId")
                .asText();
        contract.call("getUser", 200, Map.of("userId", user), "");
        var mail = contract.house
                .house
                .mailbox
                .await("contract-user@example.org", 1)
                .getFirst();
        var confirmation = mail.path("text").asText().replaceAll("(?s).*?/v1/users/confirm\\?(token=[^\\s]+).*", "$1");
        links = confirmation;
        contract.query("confirmUser", 200, confirmation);
        contract.query("confirmUser", 404, "token=wrong");
        expire(user);
        contract.query("confirmUser", 410, confirmation);
    }

    private static void put(String url, String content) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url))
                .version(HttpClient.Version.HTTP_1_1) // the proxy passes no upgrade on
                .PUT(BodyPublishers.ofString(content));
        try (var http = HttpClient.newHttpClient()) {
            assertThat(http.send(request.build(), BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
    }

    /** As if the user had registered long ago. */
    private void expire(String user) {
        try (var tables = new Tables(contract.house.house)) {
            tables.dynamo.updateItem(update -> update.tableName(contract.house.house.table("user_data"))
                    .key(Item.key("user_id", user))
                    .updateExpression("SET created_at = :long_ago")
                    .expressionAttributeValues(Item.key(":long_ago", "2020-01-01T00:00:00Z")));
        }
    }

    void notifications() {
        contract.call("getNotificationSettings", 200, "");
        contract.call("replaceNotificationSettings", 200, "{\"language\": \"en\"}");
        contract.query("listNotifications", 200, "state=sent");
        contract.call("releaseAddress", 204, Map.of("address", "nobody@example.org"), "");
        contract.api.run(registration("contract-mailed", "")
                .replace("\"type\"", "\"notify\": {\"email\": [\"contract-reader@example.org\"]}, \"type\""));
        var mail = contract.house
                .house
                .mailbox
                .await("contract-reader@example.org", 1)
                .getFirst();
        var reader = mail.path("text").asText().replaceAll("(?s).*?/v1/unsubscribe\\?(reader=[^\\s]+).*", "$1");
        contract.query("askToUnsubscribe", 200, reader);
        contract.query("unsubscribe", 200, reader);
        contract.query("askToUnsubscribe", 404, "reader=wrong");
        contract.query("unsubscribe", 404, "reader=wrong");
        links = links + "&" + reader;
    }

    private static String registration(String name, String notBefore) {
        var time = notBefore.isEmpty() ? "" : ", \"notBefore\": \"" + notBefore + "\"";
        return """
                {"type": "registration", "payload": {"username": "%1$s", "email": "%1$s@example.org"}%2$s}""".formatted(name, time);
    }

    private static String id(Answer answer) {
        return answer.body().path("id").asText();
    }
}
