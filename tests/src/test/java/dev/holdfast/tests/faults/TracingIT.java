package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.House;
import dev.holdfast.tests.Receiver;
import dev.holdfast.tests.tracing.Collector;
import dev.holdfast.tests.tracing.Seen;
import dev.holdfast.tests.tracing.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One trace for all that is done for a job, by all services. Prints the traces that it has seen. */
class TracingIT {

    /** The client's span, of which nobody here has seen more. */
    private static final String CLIENT = "b7ad6b7169203331";

    private static final Collector COLLECTOR = Collector.start();
    private static final FaultProxy S3 =
            FaultProxy.start("worker-1", AwsService.S3, Cloud.endpoints().s3());

    private static final House HOUSE = House.start(options -> options.withWorkers(1)
            .withEnvironmentOf(name -> name.startsWith("worker")
                    ? Map.of(AwsService.S3.endpointVariable(), S3.url().toString())
                    : Map.of())
            .with("AWS_MAX_ATTEMPTS", "1") // so that one fault fails an attempt
            .with("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true")
            .with("QUARKUS_OTEL_SDK_DISABLED", "false")
            .with("QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .with("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", COLLECTOR.url())
            .with("QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "100ms"));

    @AfterAll
    static void stop() {
        HOUSE.close();
        S3.close();
        COLLECTOR.close();
    }

    private static String traceparent(String trace) {
        return "00-" + trace + "-" + CLIENT + "-01";
    }

    /** The trace once it has come to its end, which is printed. */
    private static List<Seen> trace(String id, String... last) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(COLLECTOR.trace(id)).extracting(Seen::name).contains(last);
            assertEachHasItsParent(COLLECTOR.trace(id)); // services tell in no order
        });
        var spans = COLLECTOR.trace(id);
        System.out.println(Tree.of(spans, CLIENT));
        return spans;
    }

    private static void assertEachHasItsParent(List<Seen> spans) {
        var ids = spans.stream().map(Seen::id).toList();
        assertThat(ids).doesNotHaveDuplicates().doesNotContain(CLIENT);
        assertThat(spans).allSatisfy(span -> {
            if (!span.parent().equals(CLIENT)) assertThat(ids).as(span.name()).contains(span.parent());
        });
    }

    private static List<Seen> named(List<Seen> spans, String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    private static Seen one(List<Seen> spans, String name) {
        assertThat(named(spans, name)).as(name).hasSize(1);
        return named(spans, name).getFirst();
    }

    private static String queue(String queue) {
        return HOUSE.name + "-" + queue;
    }

    @Test
    void registrationThatIsTriedTwiceIsOneTraceFromItsRequestToItsMail() throws IOException {
        // given
        var id = "0af7651916cd43dd8448eb211c80319c";
        S3.arm(Rule.on("PutObject").next(1).then(new Fault.ServerError()));
        // when
        var job = HOUSE.api.submit(Registration.of("traced").json(), "traceparent", traceparent(id));
        HOUSE.mailbox.await("traced@faults.example", 1);
        // then
        var spans = trace(id, "mail welcome", "process " + queue("events"));
        assertThat(spans).extracting(Seen::service).contains("holdfast-ingest", "holdfast-worker", "holdfast-notify");
        var post = one(spans, "POST /v1/jobs");
        var send = one(spans, "send " + queue("quick"));
        var runs = named(spans, "process " + queue("quick"));
        assertThat(post.parent()).isEqualTo(CLIENT);
        assertThat(send.parent()).isEqualTo(post.id());
        assertThat(one(spans, "wait " + queue("quick")).parent()).isEqualTo(send.id());
        assertThat(runs).hasSize(2).allSatisfy(run -> {
            assertThat(run.parent()).isEqualTo(send.id());
            assertThat(run.attributes())
                    .containsEntry("messaging.system", "aws_sqs")
                    .containsEntry("messaging.operation.type", "process")
                    .containsEntry("messaging.destination.name", queue("quick"))
                    .containsEntry("holdfast.job.id", job);
        });
        var attempts = named(spans, "run registration");
        assertThat(attempts)
                .extracting(attempt -> attempt.attribute("holdfast.job.attempt"))
                .containsExactlyInAnyOrder("1", "2");
        assertThat(attempts)
                .filteredOn(Seen::failed)
                .extracting(attempt -> attempt.attribute("holdfast.job.attempt"))
                .containsExactly("1");
        assertThat(one(spans, "wait for attempt").took()).isGreaterThan(Duration.ofSeconds(1));
        assertThat(named(spans, "S3.PutObject"))
                .extracting(Seen::parent)
                .containsExactlyInAnyOrderElementsOf(
                        attempts.stream().map(Seen::id).toList());
        assertThat(named(spans, "DynamoDb.TransactWriteItems"))
                .isNotEmpty()
                .extracting(Seen::parent)
                .isSubsetOf(attempts.stream().map(Seen::id).toList());
        var event = one(spans, "send " + queue("events"));
        assertThat(runs).extracting(Seen::id).contains(event.parent());
        assertThat(one(spans, "process " + queue("events")).parent()).isEqualTo(event.id());
        var mail = one(spans, "mail welcome");
        assertThat(mail.parent())
                .isEqualTo(one(spans, "process " + queue("events")).id());
        assertThat(one(spans, "SesV2.SendEmail").parent()).isEqualTo(mail.id());
        assertThat(spans.toString()).doesNotContain("traced@faults.example");
        assertLogsNameTheTrace(job, id);
    }

    private static void assertLogsNameTheTrace(String job, String trace) throws IOException {
        var ends = Files.readAllLines(HOUSE.stack.service("worker-1").log()).stream()
                .filter(line -> line.contains("job ended jobId=" + job))
                .toList();
        assertThat(ends).hasSize(1);
        var mdc = new ObjectMapper().readTree(ends.getFirst()).path("mdc");
        assertThat(mdc.path("traceId").asText()).isEqualTo(trace);
        assertThat(mdc.path("jobId").asText()).isEqualTo(job);
    }

    @Test
    void backupTakesItsTraceToItsObjectsAndToWebhooks() {
        try (var receiver = new Receiver()) {
            // given
            var id = "4bf92f3577b34da6a3ce929d0e0e4736";
            var made = HOUSE.api.post("/v1/webhooks", """
                    {"name": "traced", "url": "%s", "types": ["backup"]}""".formatted(receiver.url("/hook")));
            assertThat(made.status()).as(made.response().body()).isEqualTo(201);
            // when
            HOUSE.api.submit("""
                    {"type": "backup", "payload": {"repository": "default",
                     "source": {"kind": "inline", "name": "notes.txt", "contentBase64": "aGVsbG8="}}}""", "traceparent", traceparent(id));
            var call = receiver.await("/hook", 1).getFirst();
            // then
            var spans = trace(id, "POST", "process " + queue("webhooks"));
            var run = one(spans, "run backup");
            assertThat(named(spans, "S3.PutObject"))
                    .hasSizeGreaterThan(2)
                    .allSatisfy(put -> assertThat(put.parent()).isEqualTo(run.id()));
            var post = one(spans, "POST");
            assertThat(post.service()).isEqualTo("holdfast-notify");
            assertThat(call.header("traceparent")).isEqualTo("00-" + id + "-" + post.id() + "-01");
        }
    }
}
