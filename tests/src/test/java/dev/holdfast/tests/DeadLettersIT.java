package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Notify;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.run.JobMessage;
import dev.holdfast.table.JobTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

class DeadLettersIT {

    private static final String REDRIVE = "/v1/dead-letters/redrive";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final House house = House.shared();
    private final SqsClient sqs = Cloud.sqs();
    private final DynamoDbClient dynamo = Cloud.dynamo();
    private final Random random = new Random();
    private final String mark = UUID.randomUUID().toString();

    @AfterEach
    void close() {
        sqs.close();
        dynamo.close();
    }

    @Test
    void garbageIsSetAsideByAWorkerAndListedWithItsReason() {
        send("quick", "garbage " + mark, "");

        patiently().untilAsserted(() -> assertThat(letters(house.api, "quick")).hasSize(1));

        var letter = letters(house.api, "quick").getFirst();
        assertThat(letter.path("reason").asText()).isEqualTo("not a job message");
        assertThat(letter.path("lane").asText()).isEqualTo("quick");
        assertThat(letter.path("receives").asInt()).isEqualTo(1);
        assertThat(letter.path("truncated").asBoolean()).isFalse();
        assertThat(Instant.parse(letter.path("setAsideAt").asText()))
                .isBetween(Instant.now().minusSeconds(120), Instant.now());
        assertThat(letter.has("job")).isFalse();
        patiently().untilAsserted(() -> assertThat(messages("quick-dlq")).isZero());
    }

    @Test
    void messageIsDryRunThenRedrivenAndItsJobIsDoneOnRecord() {
        // given
        var job = storedJob();
        send("quick-dlq", JobMessage.body(job), "");
        var lost = collected("quick", job.id().toString());
        assertThat(lost.path("reason").asText()).isEqualTo("received too often");
        assertThat(lost.path("job").path("state").asText()).isEqualTo("QUEUED");
        assertThat(lost.path("job").path("type").asText()).isEqualTo("registration");

        // when
        var dry = redrive("{\"lane\": \"quick\", \"filter\": {\"job\": \"%s\"}, \"dryRun\": true}".formatted(job.id()));
        var left = letters(house.api, "quick", job.id().toString());
        var wet = redrive("{\"lane\": \"quick\", \"filter\": {\"job\": \"%s\"}}".formatted(job.id()));

        // then
        counted(dry, 1, 0, 1);
        assertThat(dry.path("dryRun").asBoolean()).isTrue();
        assertThat(left).containsExactly(lost);
        counted(wet, 1, 1, 0);
        assertThat(wet.path("dryRun").asBoolean()).isFalse();
        assertThat(house.api.await(job.id().toString()).path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(letters(house.api, "quick", job.id().toString())).isEmpty();
        var records = audit(job.id().toString());
        assertThat(records).hasSize(2);
        assertThat(records)
                .allSatisfy(entry -> assertThat(entry.text("who"))
                        .isEqualTo(house.stack.apiKey().substring(0, 11)));
        assertThat(records).extracting(entry -> entry.text("what")).containsOnly("dead-letters.redrive");
        assertThat(records)
                .extracting(entry -> entry.textMap("arguments").get("dryRun"))
                .containsExactly("true", "false");
        assertThat(records)
                .extracting(entry -> entry.textMap("outcome"))
                .containsExactly(Map.of("matched", "1", "redriven", "0"), Map.of("matched", "1", "redriven", "1"));
    }

    @Test
    void filterPicksByReasonTypeAndTime() {
        send(
                "bulk-dlq",
                "{\"tenant\": \"local\", \"type\": \"backup\", \"mark\": \"%s\"}".formatted(mark),
                mark + " a");
        send(
                "bulk-dlq",
                "{\"tenant\": \"local\", \"type\": \"restore\", \"mark\": \"%s\"}".formatted(mark),
                mark + " b");
        patiently().untilAsserted(() -> assertThat(letters(house.api, "bulk")).hasSize(2));

        assertThat(matched("\"reason\": \"%s\"".formatted(mark))).isEqualTo(2);
        assertThat(matched("\"reason\": \"%s a\"".formatted(mark))).isEqualTo(1);
        assertThat(matched("\"reason\": \"%s\", \"type\": \"restore\"".formatted(mark)))
                .isEqualTo(1);
        assertThat(matched("\"reason\": \"%s\", \"type\": \"registration\"".formatted(mark)))
                .isZero();
        assertThat(matched("\"reason\": \"%s\", \"before\": \"2026-01-01T00:00:00Z\"".formatted(mark)))
                .isZero();
        assertThat(matched("\"reason\": \"%s\", \"after\": \"2026-01-01T00:00:00Z\"".formatted(mark)))
                .isEqualTo(2);
    }

    @Test
    void messageThatIsCollectedTwiceIsOneLetter() {
        // given: it was stored, and its collector died before it deleted the message
        send("bulk-dlq", "twice " + mark, "any");
        var message = sqs.receiveMessage(receive -> receive.queueUrl(url("bulk-dlq"))
                        .visibilityTimeout(5)
                        .messageSystemAttributeNamesWithStrings("SentTimestamp"))
                .messages()
                .getFirst();
        var sentAt = Long.parseLong(message.attributesAsStrings().get("SentTimestamp"));
        dynamo.putItem(put -> put.tableName(house.table("catalog"))
                .item(Item.empty()
                        .with("pk", "DEADLETTERS#bulk")
                        .with("sk", sentAt + "#" + message.messageId())
                        .with("id", message.messageId())
                        .with("sentAt", sentAt)
                        .with("body", "stored first " + mark)
                        .with("truncated", 0)
                        .with("reason", "any")
                        .with("setAsideAt", sentAt)
                        .with("receives", 1)
                        .attributes()));

        // when
        patiently().untilAsserted(() -> assertThat(messages("bulk-dlq")).isZero());

        // then
        assertThat(bodies(letters(house.api, "bulk"))).containsExactly("stored first " + mark);
    }

    @Test
    void bodyThatIsTooLongIsShownCutAndNotSent() {
        send("bulk-dlq", mark + "x".repeat(150_000), mark);

        var letter = collected("bulk", mark);

        assertThat(letter.path("truncated").asBoolean()).isTrue();
        assertThat(letter.path("body").asText()).hasSize(100_000);
        assertThat(matched("\"reason\": \"%s\"".formatted(mark))).isZero();
    }

    @Test
    void pagesShowEveryLetterOnceNewestFirst() {
        for (var i = 0; i < 5; i++) send("bulk-dlq", "page " + mark, "reason " + i);
        patiently().untilAsserted(() -> assertThat(letters(house.api, "bulk")).hasSize(5));

        var shown = new ArrayList<JsonNode>();
        var cursor = "";
        do {
            var page =
                    house.api.get("/v1/dead-letters?lane=bulk&limit=2" + cursor).body();
            assertThat(page.path("items").size()).isBetween(1, 2);
            page.path("items").forEach(shown::add);
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());

        assertThat(shown.stream().map(letter -> letter.path("id").asText())).doesNotHaveDuplicates();
        assertThat(shown.stream().filter(letter -> letter.path("body").asText().contains(mark)))
                .hasSize(5);
        var all = house.api.get("/v1/dead-letters?lane=bulk&limit=100").body().path("items");
        assertThat(shown).containsExactlyElementsOf(all);
    }

    @Test
    void rateIsKeptAndWhatTheTimeDoesNotSufficeForRemains() {
        // given
        for (var i = 0; i < 30; i++) send("events-dlq", "slow " + i + " " + mark, mark);
        patiently().untilAsserted(() -> assertThat(letters(house.api, "events")).hasSize(30));

        // when
        var begun = Instant.now();
        var slow = redrive(
                "{\"lane\": \"events\", \"filter\": {\"reason\": \"%s\"}, \"ratePerSecond\": 1}".formatted(mark));
        var slowTook = Duration.between(begun, Instant.now());
        var rest = redrive(
                "{\"lane\": \"events\", \"filter\": {\"reason\": \"%s\"}, \"ratePerSecond\": 500}".formatted(mark));

        // then
        assertThat(slowTook).isBetween(Duration.ofSeconds(18), Duration.ofSeconds(26));
        var sent = slow.path("redriven").asInt();
        assertThat(sent).isBetween(17, 21);
        counted(slow, 30, sent, 30 - sent);
        counted(rest, 30 - sent, 30 - sent, 0);
        patiently() // the notifier cannot read them either
                .untilAsserted(() -> assertThat(letters(house.api, "events"))
                        .hasSize(30)
                        .allSatisfy(letter ->
                                assertThat(letter.path("reason").asText()).isEqualTo("not a job event")));
    }

    @Test
    void anotherTenantSeesNeitherLetterNorJobAndSendsNone() {
        // given
        var other = house.api.as(house.key("acme-" + mark, "admin"));
        var job = storedJob();
        send("events-dlq", "{\"v\": 1, \"job\": \"%s\", \"state\": \"FAILED\"}".formatted(job.id()), mark);
        send("events-dlq", "{\"tenant\": \"acme-%1$s\", \"job\": \"%2$s\"}".formatted(mark, job.id()), mark);
        send("events-dlq", "nobody's " + mark, mark);
        patiently()
                .untilAsserted(() -> assertThat(bodies(letters(house.api, "events", mark)))
                        .as("its own, and nobody's")
                        .hasSize(1));
        patiently()
                .untilAsserted(
                        () -> assertThat(letters(house.api, "events", job.id().toString()))
                                .hasSize(1));
        patiently()
                .untilAsserted(() -> assertThat(letters(other, "events", mark))
                        .as("its own; nobody's are the operator's")
                        .hasSize(1));

        // then
        assertThat(bodies(letters(house.api, "events", mark))).containsExactly("nobody's " + mark);
        assertThat(letters(other, "events", job.id().toString()))
                .as("its own letter, without the other's job")
                .hasSize(1)
                .allSatisfy(letter -> assertThat(letter.has("job")).isFalse());
        var dryRun = "{\"lane\": \"events\", \"filter\": {\"job\": \"%s\"}, \"dryRun\": true}".formatted(job.id());
        counted(other.post(REDRIVE, dryRun).body(), 1, 0, 1);
        counted(house.api.post(REDRIVE, dryRun).body(), 1, 0, 1);
    }

    @Test
    void onlyAnAdminMayLookAndSend() {
        var writer = house.api.as(house.key("local", "jobs:write"));

        assertThat(writer.post(REDRIVE, "{\"lane\": \"quick\"}").status()).isEqualTo(403);
        assertThat(writer.get("/v1/dead-letters?lane=quick").status()).isEqualTo(403);
        assertThat(house.api
                        .as("hf_nobody")
                        .post(REDRIVE, "{\"lane\": \"quick\"}")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void everyFaultNamesItsField() {
        invalid("{}", "/lane");
        invalid("{\"lane\": \"slow\"}", "/lane");
        invalid("{\"lane\": \"quick\", \"ratePerSecond\": 0}", "/ratePerSecond");
        invalid("{\"lane\": \"quick\", \"ratePerSecond\": 501}", "/ratePerSecond");
        invalid("{\"lane\": \"quick\", \"dryRun\": \"yes\"}", "/dryRun");
        invalid("{\"lane\": \"quick\", \"rate\": 5}", "/rate");
        invalid("{\"lane\": \"quick\", \"filter\": {\"tenant\": \"x\"}}", "/filter/tenant");
        invalid("{\"lane\": \"quick\", \"filter\": {\"job\": \"x\"}}", "/filter/job");
        invalid("{\"lane\": \"quick\", \"filter\": {\"before\": \"soon\"}}", "/filter/before");
        assertThat(house.api.post(REDRIVE, "{").status()).isEqualTo(400);
        for (var query :
                List.of("", "?lane=slow", "?lane=quick&limit=0", "?lane=quick&limit=101", "?lane=quick&cursor=x")) {
            var answer = house.api.get("/v1/dead-letters" + query);
            assertThat(answer.status()).as(query).isEqualTo(422);
            assertThat(answer.body().path("type").asText()).isEqualTo("/problems/invalid-parameter");
        }
    }

    private void invalid(String json, String pointer) {
        var answer = house.api.post(REDRIVE, json);
        assertThat(answer.status()).as(json).isEqualTo(422);
        assertThat(answer.pointers()).as(json).containsExactly(pointer);
    }

    private JsonNode redrive(String json) {
        var answer = house.api.post(REDRIVE, json);
        assertThat(answer.status()).as(() -> answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private int matched(String filter) {
        return redrive("{\"lane\": \"bulk\", \"filter\": {%s}, \"dryRun\": true}".formatted(filter))
                .path("matched")
                .asInt();
    }

    private static void counted(JsonNode answer, int matched, int redriven, int remaining) {
        assertThat(answer.path("matched").asInt(-1)).as(answer.toString()).isEqualTo(matched);
        assertThat(answer.path("redriven").asInt(-1)).as(answer.toString()).isEqualTo(redriven);
        assertThat(answer.path("remaining").asInt(-1)).as(answer.toString()).isEqualTo(remaining);
    }

    /** The letters of this test. */
    private List<JsonNode> letters(Api api, String lane) {
        return letters(api, lane, mark);
    }

    private static List<JsonNode> letters(Api api, String lane, String inBody) {
        var found = new ArrayList<JsonNode>();
        for (var letter :
                api.get("/v1/dead-letters?limit=100&lane=" + lane).body().path("items")) {
            if (letter.path("body").asText().contains(inBody)) found.add(letter);
        }
        return found;
    }

    private static List<String> bodies(List<JsonNode> letters) {
        return letters.stream().map(letter -> letter.path("body").asText()).toList();
    }

    private JsonNode collected(String lane, String inBody) {
        patiently()
                .untilAsserted(
                        () -> assertThat(letters(house.api, lane, inBody)).hasSize(1));
        return letters(house.api, lane, inBody).getFirst();
    }

    /** They are collected every ten seconds. */
    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500));
    }

    private void send(String queue, String body, String reason) {
        var attributes = new HashMap<String, MessageAttributeValue>();
        if (!reason.isEmpty()) {
            attributes.put(
                    SetAside.REASON,
                    MessageAttributeValue.builder()
                            .dataType("String")
                            .stringValue(reason)
                            .build());
        }
        sqs.sendMessage(send -> send.queueUrl(url(queue)).messageBody(body).messageAttributes(attributes));
    }

    private String url(String queue) {
        return new QueueUrl(sqs, house.name + "-" + queue).get();
    }

    private int messages(String queue) {
        return sqs
                .getQueueAttributes(get -> get.queueUrl(url(queue))
                        .attributeNamesWithStrings(
                                "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"))
                .attributesAsStrings()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    /** A job that was accepted, and whose message is not on its lane. */
    private Job storedJob() {
        var keeping = new Core.Keeping(Core.LEASE, Duration.ofDays(90));
        var table = new JobTable(dynamo, house.table("jobs"), keeping, InstantSource.system(), random);
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var id = JobId.timeOrdered(now, random);
        var user = "u" + id.toString().replace("-", "").substring(8);
        var spec = new JobSpec(
                new JobPayload.Registration(user, user + "@example.org", Map.of()),
                Notify.NOBODY,
                Optional.empty(),
                Optional.empty(),
                3,
                Map.of());
        var job = Job.accepted(id, "local", spec, mark, TRACE, now);
        table.submit(job);
        return job;
    }

    /** The audit records of the tenant {@code local} about a job, oldest first. */
    private List<Item> audit(String job) {
        return dynamo
                .queryPaginator(query -> query.tableName(house.table("access"))
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", "AUDIT#local")))
                .items()
                .stream()
                .map(Item::of)
                .filter(entry -> job.equals(entry.textMap("arguments").get("job")))
                .toList();
    }
}
