package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.local.ProcessSignal;
import dev.holdfast.tests.faults.Recorder.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The door dies, or what stands behind it fails. */
class FaultsIngestIT {

    private static final Duration BOUND = Duration.ofSeconds(90);

    private final FaultHouse house = FaultHouse.shared();
    private final Recorder recorder = new Recorder(house.house.api);
    private final Tables tables = new Tables(house.house);

    @BeforeEach
    void heal() {
        house.heal();
    }

    @AfterEach
    void close() {
        house.heal();
        tables.close();
    }

    @Test
    @DisplayName("F4: ingest killed between put and send has promised nothing, and the same key heals the job")
    void ingestKilledBetweenPutAndSend() {
        house.of("ingest")
                .sqs()
                .arm(Rule.on("SendMessageBatch").next(1).insteadDo(ingest -> house.kill(ingest, recorder)));

        var first = recorder.submit(Registration.of("f4"), "f4");
        house.heal();
        var second = recorder.submit(Registration.of("f4"), "f4");

        assertThat(first.status()).as("no answer").isZero();
        assertThat(second.status())
                .as("202, or 200 if the reconciler was quicker")
                .isIn(200, 202);
        Checker.check(house, recorder, BOUND).assertHeld("F4");
    }

    @Test
    @DisplayName("F4: a job that was stored and never sent is found by the reconciler")
    void storedJobIsFoundWithoutItsClient() {
        house.of("ingest")
                .sqs()
                .arm(Rule.on("SendMessageBatch").next(1).insteadDo(ingest -> house.kill(ingest, recorder)));

        var answer = recorder.submit(Registration.of("f4-orphan"), "f4-orphan");
        house.heal();

        assertThat(answer.status()).as("no answer").isZero();
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(job("f4-orphan").state()).isEqualTo(JobState.SUCCEEDED));
        System.out.println("F4: the reconciler's job ended "
                + Duration.between(job("f4-orphan").createdAt(), Instant.now()).toSeconds() + " s after it was stored");
    }

    @Test
    @DisplayName("F5: ingest killed between send and 202 leaves one job for the same key, whatever is sent twice")
    void ingestKilledBetweenSendAndAnswer() {
        house.of("ingest")
                .sqs()
                .arm(Rule.on("SendMessageBatch").next(1).afterwardsDo(ingest -> house.kill(ingest, recorder)));

        var first = recorder.submit(Registration.of("f5"), "f5");
        house.heal();
        var second = recorder.submit(Registration.of("f5"), "f5");

        assertThat(first.status()).as("no answer").isZero();
        assertThat(second.status()).isIn(200, 202);
        Checker.check(house, recorder, BOUND).assertHeld("F5");
    }

    @Test
    @DisplayName("F11: while SQS throttles a job is promised only when it is kept, and the calls stay few")
    void queueThrottles() throws Exception {
        var sqs = house.of("ingest").sqs();
        var before = sqs.calls("SendMessageBatch");
        var throttle = sqs.arm(
                Rule.on("SendMessageBatch").during(Duration.ofSeconds(8)).then(new Fault.Throttle()));

        var answers = submitTogether(40);
        throttle.lift();

        var refused = answers.stream().filter(answer -> !answer.promised()).toList();
        assertThat(throttle.struck()).isPositive();
        assertThat(refused).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.retryAfter()).isNotEmpty();
        });
        System.out.println("F11: " + refused.size() + " of 40 clients were told to try again, "
                + (sqs.calls("SendMessageBatch") - before) + " calls were made, " + throttle.struck() + " throttled");
        assertThat(throttle.struck()).as("throttled calls of 40 requests").isLessThan(4 * 40);
        // before the reconciler sends them too
        await().atMost(BOUND).until(() -> submitTogether(40).stream().allMatch(Answered::promised));
        Checker.check(house, recorder, BOUND).assertHeld("F11");
    }

    @Test
    @DisplayName("F30: while the reconciler stands still queued jobs go on, and the others are found when it is back")
    void reconcilerStandsStill() {
        var ingest = house.house.stack.service("ingest");
        var refusing = house.of("ingest").sqs().arm(Rule.on("SendMessageBatch").cutBefore());
        var orphan = recorder.submit(Registration.of("f30-orphan"), "f30-orphan");
        refusing.lift();
        var stored = Instant.now();
        var queued = new ArrayList<String>();
        for (var i = 0; i < 20; i++) queued.add(recorder.accepted(Registration.of("f30-" + i)));

        ingest.send(ProcessSignal.STOP);
        var stopped = Instant.now();
        await().atMost(BOUND)
                .until(() ->
                        queued.stream().allMatch(id -> tables.job(id).state().isFinal()));
        // the orphan is old enough to be looked for
        await().atMost(BOUND).until(() -> Instant.now().isAfter(stored.plusSeconds(13)));
        assertThat(job("f30-orphan").state()).isEqualTo(JobState.QUEUED);
        ingest.send(ProcessSignal.CONT);
        var back = Instant.now();

        assertThat(orphan.promised()).isFalse();
        await().atMost(BOUND).until(() -> job("f30-orphan").state().isFinal());
        System.out.println("F30: the reconciler stood still for "
                + Duration.between(stopped, back).toSeconds() + " s, and found the orphan "
                + Duration.between(back, Instant.now()).toSeconds() + " s after");
        assertThat(house.house.metric("reconciler_lag_seconds")).isLessThan(10);
        Checker.check(house, recorder, BOUND).assertHeld("F30");
    }

    private JobRow job(String key) {
        return tables.job(JobId.derived("local", key).toString());
    }

    private List<Answered> submitTogether(int number) throws Exception {
        var submissions = new ArrayList<Callable<Answered>>();
        for (var i = 0; i < number; i++) {
            var user = "f11-" + i;
            submissions.add(() -> recorder.submit(Registration.of(user), user));
        }
        var answers = new ArrayList<Answered>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : clients.invokeAll(submissions)) answers.add(answer.get());
        }
        return answers;
    }
}
