package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.FanOut;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.resources.TableResource;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.Run;
import dev.holdfast.testing.FaultReport;
import dev.holdfast.testing.HandlerFaults;
import dev.holdfast.testing.Subject;
import dev.holdfast.testing.Workplace;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The harness finds what is wrong with bad handlers, and nothing in good ones. */
class HandlerFaultsIT {

    private static final Workplace WORKPLACE = Workplace.at(Cloud.forFaults());
    private static final String COUNTERS = WORKPLACE.tables().prefix() + "counters";
    private static final Outcome DONE = new Succeeded(new JobResult.Registered("u-1"));

    @BeforeAll
    static void makeTable() {
        new TableResource(WORKPLACE.dynamo(), COUNTERS, "id", Optional.empty(), List.of()).provision();
    }

    @AfterAll
    static void close() {
        WORKPLACE.close();
    }

    @Test
    void plainIncrementIsSeenToHappenTwice() throws Exception {
        var report = report(run -> {
            increment(run.job(), "effect");
            return DONE;
        });

        assertThat(report.calls()).containsExactly("DynamoDb.UpdateItem");
        assertThat(violated(report))
                .containsExactly(
                        "lease over at step 1 of 1 (DynamoDb.UpdateItem)",
                        "kill after step 1 of 1 (DynamoDb.UpdateItem)",
                        "answer lost of step 1 of 1 (DynamoDb.UpdateItem)",
                        "call repeated at step 1 of 1 (DynamoDb.UpdateItem)");
        assertThatThrownBy(report::assertSingle)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("kill after step 1 of 1 (DynamoDb.UpdateItem): 2 runs, SUCCEEDED at attempt 1, "
                        + "VIOLATION: 2 effects, undisturbed 1");
    }

    @Test
    void effectBeforeTheCheckIsSeen() throws Exception {
        var report = report(run -> {
            WORKPLACE
                    .s3()
                    .putObject(
                            put -> put.bucket(WORKPLACE.resources().bucket())
                                    .key(run.job().id() + "/" + run.job().fence()),
                            RequestBody.fromString("a letter"));
            run.ensureMine();
            return DONE;
        });

        assertThat(violated(report))
                .containsExactly(
                        "lease over at step 1 of 1 (S3.PutObject)",
                        "kill after step 1 of 1 (S3.PutObject)",
                        "answer lost of step 1 of 1 (S3.PutObject)");
    }

    @Test
    void effectBetweenCheckAndMarkIsSeen() throws Exception {
        var report = report(run -> {
            if (count(run.job(), "mark") == 0) {
                increment(run.job(), "effect");
                increment(run.job(), "mark");
            }
            return DONE;
        });

        assertThat(violated(report)).contains("kill after step 2 of 3 (DynamoDb.UpdateItem)");
        assertThat(violated(report)).doesNotContain("kill after step 3 of 3 (DynamoDb.UpdateItem)");
    }

    @Test
    void incrementWhileTheJobIsMineAndMarkedIsSingle() throws Exception {
        report(HandlerFaultsIT::incrementOnce).assertSingle();
    }

    @Test
    void throttleThatCostsAnAttemptIsSeen() throws Exception {
        var report = report(run -> {
            try {
                return incrementOnce(run);
            } catch (SdkException e) {
                throw new IllegalStateException("something failed"); // without its cause
            }
        });

        assertThat(violated(report)).containsExactly("throttle at step 1 of 1 (DynamoDb.TransactWriteItems)");
    }

    @Test
    void killedProcessWritesNothingThoughItsHandlerCatchesEverything() throws Exception {
        var report = report(run -> {
            try {
                incrementOnce(run);
                return incrementOnce(run);
            } catch (Error killed) {
                return new Outcome.Rejected("caught", "The process is dead; nobody may hear this.");
            }
        });

        report.assertSingle();
    }

    @Test
    void childrenAreSteppedThroughWithTheirParent() throws Exception {
        var report = report(run -> {
            var parent = run.job().parent().orElse(run.job().id());
            if (run.job().parent().isPresent() || !run.job().phase().isEmpty()) return incrementOnce(run, parent);
            incrementOnce(run, parent);
            var part = new JobPayload.Registration("ada", "ada@example.org", Map.of());
            return new FanOut(List.of(part, part), "join");
        });

        report.assertSingle();
        assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(report.calls()).hasSize(4);
        assertThat(report.effects()).hasSize(4);
    }

    @Test
    void handlerThatDoesLessEachTimeIsNotTakenForSingle() throws Exception {
        var first = new AtomicBoolean(true);

        var report = report(run -> first.getAndSet(false) ? incrementOnce(run) : DONE);

        assertThat(report.violations()).anySatisfy(line -> assertThat(line).contains("the step was not reached"));
    }

    private static FaultReport report(JobHandler handler) throws InterruptedException {
        return HandlerFaults.run(
                WORKPLACE,
                new Subject(
                        at -> handler,
                        () -> new JobPayload.Registration("ada", "ada@example.org", Map.of()),
                        HandlerFaultsIT::effects));
    }

    private static List<String> violated(FaultReport report) {
        return report.trials().stream()
                .filter(trial -> !trial.violations().isEmpty())
                .map(trial -> trial.scenario().toString())
                .toList();
    }

    private static Outcome incrementOnce(Run run) {
        return incrementOnce(run, run.job().id());
    }

    /** As it should be: one transaction asks whether the job is mine and the effect not there yet. */
    private static Outcome incrementOnce(Run run, JobId family) {
        var job = run.job();
        var update = Update.builder()
                .tableName(COUNTERS)
                .key(Item.key("id", family + "/" + job.id() + job.phase()))
                .updateExpression("ADD times :one")
                .conditionExpression("attribute_not_exists(id)")
                .expressionAttributeValues(Item.empty().with(":one", 1).attributes())
                .build();
        try {
            WORKPLACE
                    .dynamo()
                    .transactWriteItems(write -> write.transactItems(
                            TransactWriteItem.builder()
                                    .conditionCheck(WORKPLACE.jobs().stillMine(job))
                                    .build(),
                            TransactWriteItem.builder().update(update).build()));
        } catch (TransactionCanceledException cancelled) {
            if (!"None".equals(cancelled.cancellationReasons().getFirst().code())) throw new Run.LostException();
        }
        return DONE;
    }

    private static void increment(Job job, String what) {
        WORKPLACE
                .dynamo()
                .updateItem(update -> update.tableName(COUNTERS)
                        .key(Item.key("id", job.id() + "/" + what))
                        .updateExpression("ADD times :one")
                        .expressionAttributeValues(Item.empty().with(":one", 1).attributes()));
    }

    private static long count(Job job, String what) {
        var item = WORKPLACE
                .dynamo()
                .getItem(get -> get.tableName(COUNTERS)
                        .key(Item.key("id", job.id() + "/" + what))
                        .consistentRead(true));
        return item.hasItem() ? Item.of(item.item()).number("times") : 0;
    }

    /** One text for each increment and each letter. */
    private static List<String> effects(Job job) {
        var increments = WORKPLACE
                .dynamo()
                .scanPaginator(scan -> scan.tableName(COUNTERS)
                        .consistentRead(true)
                        .filterExpression("begins_with(id, :job)")
                        .expressionAttributeValues(
                                Item.empty().with(":job", job.id().toString()).attributes()))
                .items()
                .stream()
                .map(Item::of)
                .flatMap(item -> Collections.nCopies((int) item.number("times"), item.text("id")).stream());
        var letters = WORKPLACE
                .s3()
                .listObjectsV2(
                        list -> list.bucket(WORKPLACE.resources().bucket()).prefix(job.id() + "/"))
                .contents()
                .stream()
                .map(S3Object::key);
        return Stream.concat(increments, letters).sorted().toList();
    }
}
