package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.tests.Api.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * One tenant owns something of every kind, another tries every operation of the OpenAPI document on it. An operation
 * that nobody has thought of here fails the test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IsolationIT {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
    private static final List<String> ALL = List.of("jobs:read", "jobs:write", "admin");

    /** Operations that show nothing of any tenant, or take a secret of their own. */
    private static final Set<String> OF_NOBODY =
            Set.of("listJobTypes", "confirmUser", "askToUnsubscribe", "unsubscribe");

    /** Operations that show something else than a list of what the owner has. */
    private static final Set<String> NO_LIST = Set.of(
            "listDeadLetters", // DeadLettersIT has letters of two tenants
            "getNotificationSettings");

    /** Operations that take neither an id in their path nor list anything: what they may not do has a test below. */
    private static final Set<String> BY_BODY = Set.of(
            "submitJob",
            "submitJobs",
            "createSchedule",
            "createUpload",
            "createRepository",
            "createConnection",
            "createWebhook",
            "redriveDeadLetters",
            "createTenant",
            "createKey",
            "replaceNotificationSettings",
            "releaseAddress");

    private final House house = House.shared();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String ownerName = "owner";
    private final String intruderName = "intruder";
    private Api owner;
    private Api intruder;

    /** What the owner has, by the beginning of the path that leads to it. */
    private Map<String, Map<String, String>> owned;

    @BeforeAll
    void settle() {
        owner = house.api.as(house.key(ownerName, ALL.toArray(String[]::new)));
        intruder = house.api.as(house.key(intruderName, ALL.toArray(String[]::new)));
        assertThat(owner.post("/v1/repositories", "{\"name\": \"own-%s\"}".formatted(mark))
                        .status())
                .isEqualTo(201);
        assertThat(intruder.post("/v1/repositories", "{\"name\": \"default\"}").status())
                .isEqualTo(201);
        assertThat(owner.post("/v1/connections", connection(ownerName)).status())
                .isEqualTo(201);
        var backup = owner.run("""
                {"type": "backup", "payload": {"repository": "own-%s",
                 "source": {"kind": "inline", "name": "a.txt", "contentBase64": "YQ=="}}}""".formatted(mark));
        var snapshot = backup.at("/result/snapshotId").asText();
        var job = owner.submit(later("own"), "Idempotency-Key", "key-" + mark);
        var user = owner.run(registration("user")).at("/result/userId").asText();
        var schedule =
                owner.post("/v1/schedules", schedule("daily")).body().path("id").asText();
        var upload = owner.post("/v1/uploads", "{\"name\": \"a.bin\", \"size\": 100000000}")
                .body()
                .path("uploadId")
                .asText();
        var key = owner.get("/v1/admin/keys").body().at("/items/0/id").asText();
        owner.run(registration("own-mailed"));
        assertThat(owner.post("/v1/webhooks", webhook()).status()).isEqualTo(201);
        assertThat(settings(owner, mark + "-own").status()).isEqualTo(200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> text(owner.get("/v1/jobs")).contains(job)
                        && text(owner.get("/v1/notifications")).contains(mark + "-own-mailed"));
        owned = Map.of(
                "/v1/jobs/", Map.of("id", job),
                "/v1/jobs/{id}/log", Map.of("id", backup.path("id").asText()),
                "/v1/users/", Map.of("userId", user),
                "/v1/schedules/", Map.of("id", schedule),
                "/v1/repositories/", Map.of("name", "own-" + mark, "id", snapshot),
                "/v1/connections/", Map.of("name", "own-" + mark),
                "/v1/webhooks/", Map.of("name", "own-" + mark),
                "/v1/uploads/", Map.of("id", upload),
                "/v1/admin/keys/", Map.of("id", key),
                "/v1/admin/tenants/", Map.of("tenant", ownerName));
    }

    @Test
    void nothingOfAnotherTenantIsThereForAnyOperation() {
        var tried = new ArrayList<String>();
        var unknown = new ArrayList<String>();
        for (var operation : operations()) {
            if (OF_NOBODY.contains(operation.id()) || BY_BODY.contains(operation.id())) continue;
            if (operation.path().contains("{")) {
                var target = target(operation);
                if (target.isEmpty()) unknown.add(operation.id());
                else refuses(operation, target.get());
            } else if (operation.method().equals("GET")) {
                showsNothing(operation);
            } else {
                unknown.add(operation.id());
            }
            tried.add(operation.id());
        }
        assertThat(unknown).as("say what another tenant may try with them").isEmpty();
        System.out.println("isolation: " + tried.size() + " operations tried: " + tried);
        assertThat(tried).contains("getJob", "streamJobEvents", "cancelJob", "listJobs", "revokeKey", "listAudit");
        assertThat(owner.get("/v1/jobs/" + own("/v1/jobs/"))
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("SCHEDULED");
        assertThat(owner.get("/v1/schedules/" + own("/v1/schedules/"))
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("ACTIVE");
        assertThat(owner.get("/v1/admin/keys").body().at("/items/0/state").asText())
                .isEqualTo("ACTIVE");
    }

    private String own(String path) {
        return Optional.ofNullable(owned.get(path)).map(ids -> ids.get("id")).orElseThrow();
    }

    private record Operation(String id, String method, String path, JsonNode node) {}

    private List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        house.api
                .get("/openapi", "Accept", "application/json")
                .body()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (!METHODS.contains(method.getKey())) return;
                    operations.add(new Operation(
                            method.getValue().path("operationId").asText(),
                            method.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            method.getValue()));
                }));
        assertThat(operations).hasSizeGreaterThan(25);
        return operations;
    }

    /** The path to what the owner has; empty when this test does not know of such a thing. */
    private Optional<String> target(Operation operation) {
        return owned.entrySet().stream()
                .filter(known -> operation.path().startsWith(known.getKey()))
                .max(Comparator.comparingInt(known -> known.getKey().length()))
                .map(known -> {
                    var target = operation.path();
                    for (var value : known.getValue().entrySet()) {
                        target = target.replace("{" + value.getKey() + "}", value.getValue());
                    }
                    return target;
                })
                .filter(target -> !target.contains("{"));
    }

    private void refuses(Operation operation, String target) {
        var answer = send(intruder, operation, target);
        assertThat(answer.status())
                .as(operation.id() + " " + target + ": " + text(answer))
                .isEqualTo(404);
        assertThat(text(answer)).doesNotContain("createdAt");
        if (operation.method().equals("GET") && !operation.id().equals("streamJobEvents")) {
            assertThat(send(owner, operation, target).status())
                    .as("so that this can fail: " + operation.id())
                    .isEqualTo(200);
        }
    }

    /** The owner sees it there, so that this can fail. */
    private void showsNothing(Operation operation) {
        var query = operation.id().equals("listDeadLetters") ? "?lane=quick" : "";
        var answer = send(intruder, operation, operation.path() + query);
        assertThat(answer.status()).as(operation.id() + ": " + text(answer)).isEqualTo(200);
        assertThat(text(answer)).as(operation.id()).doesNotContain(mark + "-own");
        owned.values()
                .forEach(ids -> ids.forEach((name, value) -> {
                    assertThat(text(answer)).as(operation.id()).doesNotContain(value);
                }));
        if (!NO_LIST.contains(operation.id())) {
            assertThat(send(owner, operation, operation.path()).body().path("items"))
                    .as("what the owner has to be found by " + operation.id())
                    .isNotEmpty();
        }
    }

    private Answer send(Api as, Operation operation, String target) {
        var body = operation.node().has("requestBody") ? body(operation) : "";
        return as.send(as.request(target)
                .header("Content-Type", "application/json")
                .method(operation.method(), BodyPublishers.ofString(body)));
    }

    /** A body that would do, if the thing were the caller's. */
    private String body(Operation operation) {
        return switch (operation.id()) {
            case "replaceSchedule" -> schedule("daily");
            case "replaceConnection" -> connection(intruderName);
            case "replaceWebhook" -> webhook();
            case "rotateKey", "rotateWebhook", "setQuotas" -> "{}";
            default -> throw new AssertionError("say what a valid body of " + operation.id() + " is");
        };
    }

    @Test
    void listsOfAnotherTenantAreNotThereByNameEither() {
        for (var list : List.of("/v1/admin/keys", "/v1/admin/audit")) {
            assertThat(intruder.get(list + "?tenant=" + ownerName).status())
                    .as(list)
                    .isEqualTo(404);
        }
        var cursor = owner.get("/v1/jobs?limit=1").body().path("nextCursor").asText();
        assertThat(intruder.get("/v1/jobs?cursor=" + cursor).body().path("items"))
                .isEmpty();
    }

    @Test
    void keysOfRequestsAndNamesOfSchedulesAreEachTenantsOwn() {
        var job = intruder.post("/v1/jobs", later("intruder"), "Idempotency-Key", "key-" + mark);
        assertThat(job.status()).isEqualTo(202);
        assertThat(job.header("Idempotency-Replayed")).isEqualTo("false");
        assertThat(job.body().path("tenant").asText()).isEqualTo(intruderName);
        assertThat(job.body().path("id").asText()).isNotEqualTo(own("/v1/jobs/"));
        var batch = intruder.post(
                "/v1/jobs/batch",
                "{\"items\": [{\"idempotencyKey\": \"key-%s\", \"job\": %s}]}".formatted(mark, later("intruder")));
        assertThat(batch.body().at("/items/0/id")).isEqualTo(job.body().path("id"));
        assertThat(intruder.post("/v1/schedules", schedule("daily")).status()).isEqualTo(201);
        assertThat(intruder.run(registration("user")).path("state").asText())
                .as("the same user name")
                .isEqualTo("SUCCEEDED");
    }

    @Test
    void jobsReachNothingOfAnotherTenant() {
        var upload = owner.post("/v1/uploads", "{\"name\": \"a\", \"size\": 1}")
                .body()
                .path("uploadId")
                .asText();

        var stolen = intruder.run("""
                {"type": "backup", "payload": {"repository": "default",
                 "source": {"kind": "upload", "uploadId": "%s"}}}""".formatted(upload));

        assertThat(stolen.at("/error/code").asText()).isEqualTo("upload-not-found");
    }

    @Test
    void operatorsWorkIsTheOperatorsAlone() {
        assertThat(intruder.post("/v1/admin/tenants", "{\"name\": \"mine\"}").status())
                .isEqualTo(403);
        var key = intruder.post(
                "/v1/admin/keys",
                "{\"name\": \"x\", \"tenant\": \"%s\", \"scopes\": [\"admin\"]}".formatted(ownerName));
        assertThat(key.status()).isEqualTo(422);
        var release = intruder.send(
                intruder.request("/v1/suppressed-addresses/ada@example.org").DELETE());
        assertThat(release.status()).isEqualTo(403);
        var redrive = intruder.post("/v1/dead-letters/redrive", "{\"lane\": \"quick\", \"dryRun\": true}");
        assertThat(redrive.status()).isEqualTo(200);
    }

    @Test
    void settingsAreEachTenantsOwn() {
        assertThat(settings(intruder, mark + "-else").status()).isEqualTo(200);

        assertThat(text(owner.get("/v1/notification-settings"))).contains(mark + "-own");
    }

    private static Answer settings(Api as, String brand) {
        return as.send(as.request("/v1/notification-settings")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(
                        "{\"brand\": {\"name\": \"%s\", \"colour\": \"#1d4ed8\"}}".formatted(brand))));
    }

    private String later(String name) {
        return registration(name).replace("}}", "}, \"notBefore\": \"2199-01-01T00:00:00Z\"}");
    }

    private String registration(String name) {
        return """
                {"type": "registration", "payload": {"username": "%1$s-%2$s", "email": "%1$s-%2$s@example.org"}}""".formatted(mark, name);
    }

    private String connection(String tenant) {
        return """
                {"name": "own-%1$s", "endpoint": "%2$s", "bucket": "%3$s",
                 "accessKey": "env:HOLDFAST_SECRET_%4$s_ACCESS", "secretKey": "env:HOLDFAST_SECRET_%4$s_SECRET"}""".formatted(mark, Cloud.endpoints().s3(), house.name, tenant.toUpperCase(Locale.ROOT));
    }

    private String webhook() {
        return """
                {"name": "own-%s", "url": "https://hooks.example.org/", "on": ["cancelled"]}""".formatted(mark);
    }

    private String schedule(String name) {
        return """
                {"name": "%s", "cron": "0 0 1 1 *", "job": %s}""".formatted(name, registration("own"));
    }

    private static String text(Answer answer) {
        return answer.response().body();
    }
}
