package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.job.JobState;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.tests.Api.Answer;
import dev.holdfast.webhook.SigningSecret;
import dev.holdfast.webhook.Webhook;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Webhooks against a real HTTP server. The house allows 127.0.0.1 and http, and repeats after a second. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksIT {

    private final House house = House.shared();
    private final Receiver receiver = new Receiver();

    @AfterAll
    void stop() {
        receiver.close();
    }

    @Test
    void endOfAJobIsToldOnceAndSigned() {
        // given
        var tenant = Tenant.in(house);
        var secret = create(tenant, "ops", "/signed?token=hidden", "");

        // when
        var job = register(tenant, "signed", "");
        var call = receiver.await("/signed", 1).getFirst();
        awaitState(tenant, job, "delivered");
        for (var i = 0; i < 3; i++) tenant.message("webhooks", message(job, "SUCCEEDED"));

        // then
        awaitEmptyQueue();
        assertThat(receiver.calls("/signed")).hasSize(1);
        assertThat(call.isSignedWith(secret)).isTrue();
        assertThat(call.isSignedWith(secret, "{}")).isFalse();
        assertThat(call.isSignedWith("whsec_" + "A".repeat(43) + "=")).isFalse();
        var sentAt = Instant.ofEpochSecond(Long.parseLong(call.header("webhook-timestamp")));
        assertThat(Duration.between(sentAt, call.at()).abs()).isLessThan(Duration.ofSeconds(5));
        assertThat(call.header("ce-specversion")).isEqualTo("1.0");
        assertThat(call.header("ce-type")).isEqualTo("dev.holdfast.job.succeeded");
        assertThat(call.header("ce-id")).isEqualTo(job + "-succeeded-1").isEqualTo(call.header("webhook-id"));
        assertThat(call.header("ce-subject")).isEqualTo(job);
        assertThat(call.header("ce-source")).endsWith("/v1/jobs");
        assertThat(call.header("content-type")).isEqualTo("application/json");
        var shown = tenant.api().get("/v1/jobs/" + job).body();
        assertThat(call.header("ce-time")).isEqualTo(shown.path("finishedAt").asText());
        for (var field : List.of("id", "tenant", "type", "state", "attempt", "createdAt", "finishedAt", "result")) {
            assertThat(call.body().path(field)).as(field).isEqualTo(shown.path(field));
        }
        assertThat(call.content()).doesNotContain("@example.org");
        var notification = notification(tenant, job);
        assertThat(notification.path("mail").asText()).isEqualTo("webhook");
        assertThat(notification.path("recipient").asText()).isEqualTo(receiver.url("/signed"));
    }

    /** The example of docs/webhooks.md, as a receiver would run it. */
    @Test
    void exampleOfThePageVerifiesCallsAndNoForgeries() throws Exception {
        assumeTrue(hasPython(), "NOT VERIFIED: the example of docs/webhooks.md, for there is no python3");
        var tenant = Tenant.in(house);
        var secret = create(tenant, "ops", "/python", "");
        register(tenant, "python", "");
        var call = receiver.await("/python", 1).getFirst();

        assertThat(verified(secret, call, call.content())).isTrue();
        assertThat(verified(secret, call, "{}")).isFalse();
        assertThat(verified("whsec_" + "A".repeat(43) + "=", call, call.content()))
                .isFalse();
    }

    private static boolean hasPython() throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v python3 >/dev/null")
                        .start()
                        .waitFor()
                == 0;
    }

    private static boolean verified(String secret, Receiver.Call call, String body) throws Exception {
        var page = Files.readString(Cloud.CHECKOUT.root().resolve("docs/webhooks.md"));
        var example = Pattern.compile("(?s)```python\n(.*?)```").matcher(page);
        assertThat(example.find()).isTrue();
        var program = example.group(1) + """
                import json, sys
                call = json.load(sys.stdin)
                try: verify(call["secret"], call["headers"], base64.b64decode(call["body"]))
                except ValueError: sys.exit(3)
                """;
        var python = new ProcessBuilder("python3", "-c", program)
                .redirectErrorStream(true)
                .start();
        try (var input = python.getOutputStream()) {
            var content = Map.of(
                    "secret",
                    secret,
                    "headers",
                    call.headers(),
                    "body",
                    Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)));
            input.write(new ObjectMapper().writeValueAsBytes(content));
        }
        var output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(output).isIn(0, 3);
        return python.exitValue() == 0;
    }

    @Test
    void urlThatOpensARestoredDownloadIsNotTold() {
        var tenant = Tenant.withRepository(house);
        create(tenant, "ops", "/restored", ", \"types\": [\"restore\"]");
        tenant.api().run("""
                {"type": "backup", "payload": {"repository": "default",
                 "source": {"kind": "inline", "name": "a.txt", "contentBase64": "YQ=="}}}""");

        var restore = tenant.api().run("""
                {"type": "restore", "payload": {"repository": "default", "snapshot": "latest",
                 "target": {"kind": "download"}}}""");

        assertThat(restore.at("/result/downloadUrl").asText()).startsWith("http");
        var told = receiver.await("/restored", 1).getFirst().body();
        assertThat(told.at("/result/files")).isEqualTo(restore.at("/result/files"));
        assertThat(told.at("/result/downloadUrl").isMissingNode()).isTrue();
    }

    @Test
    void callThatFailsIsRepeatedUntilItIsTaken() {
        // given
        var tenant = Tenant.in(house);
        create(tenant, "ops", "/failing", "");
        receiver.reply("/failing", 302, "Location", receiver.url("/elsewhere"));
        receiver.reply("/failing", 503, "Retry-After", "3");
        receiver.reply("/failing", 204);

        // when
        var job = register(tenant, "failing", "");

        // then
        Receiver.soon(() ->
                assertThat(notification(tenant, job).path("reason").asText()).isEqualTo("it answered 503"));
        assertThat(notification(tenant, job).path("state").asText()).isEqualTo("sending");
        var calls = receiver.await("/failing", 3);
        awaitState(tenant, job, "delivered");
        assertThat(calls).extracting(call -> call.header("webhook-id")).containsOnly(job + "-succeeded-1");
        assertThat(calls)
                .extracting(call -> call.body())
                .containsOnly(calls.getFirst().body());
        assertThat(Duration.between(calls.get(1).at(), calls.get(2).at())).isGreaterThan(Duration.ofMillis(2_900));
        assertThat(receiver.calls("/elsewhere")).isEmpty();
    }

    @Test
    void endpointThatIsGoneIsCalledNoMoreUntilItIsReplaced() {
        // given
        var tenant = Tenant.in(house);
        create(tenant, "ops", "/gone", "");
        receiver.reply("/gone", 410);

        // when
        var job = register(tenant, "gone", "");

        // then
        awaitState(tenant, job, "refused");
        assertThat(tenant.api().get("/v1/webhooks/ops").body().path("state").asText())
                .isEqualTo("disabled");
        var replaced = tenant.api()
                .send(tenant.api()
                        .request("/v1/webhooks/ops")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(webhook("ops", receiver.url("/back"), ""))));
        assertThat(replaced.body().path("state").asText()).isEqualTo("active");
        register(tenant, "back", "");
        receiver.await("/back", 1);
        assertThat(receiver.calls("/gone")).hasSize(1);
    }

    @Test
    void endpointThatHangsHoldsUpNeitherMailsNorOtherEndpoints() {
        // given
        var tenant = Tenant.in(house);
        create(tenant, "hangs", "/hanging", "");
        create(tenant, "works", "/working", "");
        receiver.hangAt("/hanging");
        var reader = "hook-" + tenant.name() + "@example.org";

        // when
        var jobs = List.of("hang1", "hang2", "hang3").stream()
                .map(name -> register(tenant, name, "\"notify\": {\"email\": [\"%s\"]}, ".formatted(reader)))
                .toList();

        // then
        house.mailbox.await(reader, 3);
        receiver.await("/working", 3);
        Receiver.soon(() -> assertThat(notifications(tenant, jobs.getFirst()))
                .filteredOn(item -> item.path("recipient").asText().equals(receiver.url("/hanging")))
                .extracting(item ->
                        item.path("state").asText() + ": " + item.path("reason").asText())
                .containsExactly("sending: no answer came within 2000 ms"));
        assertThat(tenant.api()
                        .send(tenant.api().request("/v1/webhooks/hangs").DELETE())
                        .status())
                .isEqualTo(204);
        Receiver.soon(() -> assertThat(notifications(tenant, jobs.getFirst()))
                .extracting(item -> item.path("state").asText())
                .contains("suppressed"));
    }

    @Test
    void onlyEndsAndTypesThatAreWantedAreTold() {
        // given
        var tenant = Tenant.in(house);
        create(tenant, "cancelled", "/cancelled", ", \"on\": [\"cancelled\"]");
        create(tenant, "backups", "/backups", ", \"types\": [\"backup\"]");
        create(tenant, "failed", "/failed", ", \"on\": [\"failed\"], \"types\": [\"registration\", \"restore\"]");

        // when
        register(tenant, "wanted", "");
        register(tenant, "wanted", ""); // whose name is taken
        var cancelled = tenant.api().submit(registration(tenant, "never", "\"notBefore\": \"2199-01-01T00:00:00Z\", "));
        assertThat(tenant.api().post("/v1/jobs/" + cancelled + "/cancel", "").status())
                .isEqualTo(200);

        // then
        assertThat(receiver.await("/cancelled", 1).getFirst().header("ce-type"))
                .isEqualTo("dev.holdfast.job.cancelled");
        assertThat(receiver.await("/failed", 1)
                        .getFirst()
                        .body()
                        .at("/error/code")
                        .asText())
                .isEqualTo("email-taken");
        awaitEmptyQueue();
        assertThat(receiver.calls("/backups")).isEmpty();
        assertThat(receiver.calls("/cancelled")).hasSize(1);
        assertThat(receiver.calls("/failed")).hasSize(1);
    }

    @Test
    void secretsRotateWithAnOverlapAndSettingsLeaveWebhooksAlone() {
        // given
        var tenant = Tenant.in(house);
        var first = create(tenant, "ops", "/rotated", "");

        // when
        var second = rotate(tenant, "{}");
        assertThat(tenant.settings("{}").status()).isEqualTo(200);
        register(tenant, "both", "");
        var both = receiver.await("/rotated", 1).getFirst();
        var third = rotate(tenant, "{\"overlap\": \"PT0S\"}");
        register(tenant, "one", "");
        var one = receiver.await("/rotated", 2).getLast();

        // then
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
        assertThat(both.isSignedWith(first)).isTrue();
        assertThat(both.isSignedWith(second)).isTrue();
        assertThat(one.isSignedWith(first)).isFalse();
        assertThat(one.isSignedWith(second)).isFalse();
        assertThat(one.isSignedWith(third)).isTrue();
        var listed = tenant.api().get("/v1/webhooks").response().body();
        assertThat(listed).contains("/rotated").doesNotContain("whsec_");
        var audit = tenant.api().get("/v1/admin/audit").response().body();
        assertThat(audit).contains("webhooks.create", "webhooks.rotate").doesNotContain("whsec_");
    }

    @Test
    void privateAddressIsRefusedByName() {
        var tenant = Tenant.in(house);

        assertThat(refusal(tenant, "http://169.254.169.254/latest/meta-data"))
                .isEqualTo("169.254.169.254 is a link-local address");
        assertThat(refusal(tenant, "http://[::ffff:10.0.0.1]/")).contains("10.0.0.1, a private address");
        assertThat(refusal(tenant, "http://2130706433/")).startsWith("must name a host");
        assertThat(refusal(tenant, "https://a@hooks.example.org/")).startsWith("must have no user");
        assertThat(refusal(tenant, "ftp://hooks.example.org/")).startsWith("must begin with https://");

        allowedOnce(tenant, "http://127.0.0.2:8080/");
        var job = register(tenant, "private", "");

        awaitState(tenant, job, "refused");
        assertThat(notification(tenant, job).path("reason").asText()).isEqualTo("127.0.0.2 is a loopback address");
    }

    @Test
    void aTenantHasTenWebhooks() {
        var tenant = Tenant.in(house);
        for (var i = 0; i < 10; i++) create(tenant, "hook-" + i, "/never", ", \"types\": [\"restore\"]");

        assertThat(add(tenant, webhook("hook-10", receiver.url("/never"), "")).status())
                .isEqualTo(409);
        assertThat(add(tenant, webhook("hook-1", receiver.url("/never"), ""))
                        .body()
                        .path("type")
                        .asText())
                .endsWith("name-taken");
        assertThat(add(tenant, webhook("x", receiver.url("/never"), ", \"types\": [\"nonsense\"]"))
                        .pointers())
                .containsExactly("/types/0");
    }

    /** As if the operator's rules had been wider when it was named. */
    private void allowedOnce(Tenant tenant, String url) {
        try (var dynamo = Cloud.dynamo()) {
            var secret = SigningSecret.create(new Random());
            new MailSettingsTable(dynamo, house.table("notifications"), InstantSource.system())
                    .changeWebhooks(
                            tenant.name(),
                            none -> List.of(new Webhook(
                                    "old",
                                    url,
                                    Set.of(JobState.SUCCEEDED),
                                    Set.of(),
                                    List.of(secret),
                                    Instant.now(),
                                    Optional.empty())));
        }
    }

    private String refusal(Tenant tenant, String url) {
        var answer = add(tenant, webhook("refused", url, ""));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/url");
        return answer.body().at("/errors/0/detail").asText();
    }

    private String create(Tenant tenant, String name, String path, String more) {
        var answer = add(tenant, webhook(name, receiver.url(path), more));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.body().path("secret").asText();
    }

    private static Answer add(Tenant tenant, String webhook) {
        return tenant.api().post("/v1/webhooks", webhook);
    }

    private static String webhook(String name, String url, String more) {
        return """
                {"name": "%s", "url": "%s"%s}""".formatted(name, url, more);
    }

    private static String rotate(Tenant tenant, String body) {
        var answer = tenant.api().post("/v1/webhooks/ops/rotate", body);
        assertThat(answer.status()).isEqualTo(201);
        return answer.body().path("secret").asText();
    }

    private static String register(Tenant tenant, String name, String more) {
        return tenant.api().run(registration(tenant, name, more)).path("id").asText();
    }

    private static String registration(Tenant tenant, String name, String more) {
        return """
                {%1$s"type": "registration",
                 "payload": {"username": "%2$s-%3$s", "email": "%2$s-%3$s@example.org"}}""".formatted(more, name, tenant.name());
    }

    private static String message(String job, String state) {
        return """
                {"v": 1, "job": "%s", "state": "%s", "fence": 1, "webhook": ""}""".formatted(job, state);
    }

    private static List<JsonNode> notifications(Tenant tenant, String job) {
        return List.copyOf(tenant.api()
                .get("/v1/notifications?job=" + job)
                .body()
                .path("items")
                .findParents("recipient"));
    }

    private static JsonNode notification(Tenant tenant, String job) {
        return notifications(tenant, job).stream()
                .filter(item -> item.path("mail").asText().equals("webhook"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no webhook was called about " + job));
    }

    private static void awaitState(Tenant tenant, String job, String state) {
        Receiver.soon(() ->
                assertThat(notification(tenant, job).path("state").asText()).isEqualTo(state));
    }

    private void awaitEmptyQueue() {
        try (var sqs = Cloud.sqs()) {
            var url = sqs.getQueueUrl(get -> get.queueName(house.name + "-webhooks"))
                    .queueUrl();
            Receiver.soon(() -> assertThat(sqs.getQueueAttributes(get -> get.queueUrl(url)
                                    .attributeNames(
                                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                            .attributes()
                            .values())
                    .containsOnly("0"));
        }
    }
}
