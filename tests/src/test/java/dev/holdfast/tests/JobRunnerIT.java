package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.JobMessage;
import dev.holdfast.run.JobRunner;
import dev.holdfast.run.Run;
import dev.holdfast.table.Claim;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class JobRunnerIT {

    private static final Core CORE = Core.start();
    private static final Outcome DONE = new Outcome.Succeeded(new JobResult.Registered("u-1"));

    private final AtomicInteger runs = new AtomicInteger();

    @AfterAll
    static void close() {
        CORE.close();
    }

    @Test
    void succeededJobIsFinalAndItsMessageDeleted() throws Exception {
        var id = submitted();

        assertThat(handle(id, run -> DONE)).isEqualTo(new Delete());

        assertThat(job(id).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void duplicateOfAnEndedJobIsAbsorbed() throws Exception {
        var id = submitted();
        handle(id, run -> DONE);

        assertThat(handle(id, run -> DONE)).isEqualTo(new Delete());

        assertThat(runs.get()).isEqualTo(1);
        assertThat(CORE.meters.counter("duplicates.absorbed").count()).isPositive();
    }

    @Test
    void rejectedJobIsNotRetried() throws Exception {
        var id = submitted();

        assertThat(handle(id, run -> new Outcome.Rejected("no-such-thing", "There is none.")))
                .isEqualTo(new Delete());

        assertThat(job(id).state()).isEqualTo(JobState.FAILED);
        assertThat(job(id).error().orElseThrow().code()).isEqualTo("no-such-thing");
        assertThat(job(id).attempt()).isEqualTo(1);
    }

    @Test
    void surpriseIsRetriedUntilAttemptsAreSpent() throws Exception {
        var id = submitted();
        JobHandler failing = run -> {
            throw new java.io.IOException("disk on fire");
        };

        assertThat(handle(id, failing)).isInstanceOf(Return.class);
        assertThat(job(id).state()).isEqualTo(JobState.RETRYING);
        CORE.pass(Duration.ofMinutes(1));
        assertThat(handle(id, failing)).isInstanceOf(Return.class);
        CORE.pass(Duration.ofMinutes(1));
        assertThat(handle(id, failing)).isEqualTo(new Delete());

        assertThat(job(id).state()).isEqualTo(JobState.FAILED);
        assertThat(job(id).attempt()).isEqualTo(3);
        assertThat(job(id).error().orElseThrow().code()).isEqualTo("attempts-exhausted");
        assertThat(job(id).error().orElseThrow().message()).isEqualTo("disk on fire");
    }

    @Test
    void postponedJobComesBackWithoutHavingSpentAnAttempt() throws Exception {
        var id = submitted();

        assertThat(handle(id, run -> new Outcome.Postponed(Duration.ofSeconds(7), "busy")))
                .isEqualTo(new Return(Duration.ofSeconds(7)));

        assertThat(job(id).attempt()).isZero();
    }

    @Test
    void interruptedRunIsGivenBackWithoutHavingSpentAnAttempt() throws Exception {
        var id = submitted();

        var disposition = handle(id, run -> {
            throw new InterruptedException();
        });

        assertThat(disposition).isEqualTo(new Return(Duration.ZERO));
        assertThat(job(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(job(id).attempt()).isZero();
    }

    @Test
    void runThatLostItsJobChangesNothingAndStopsBeforeItsNextEffect() throws Exception {
        var id = submitted();

        var disposition = handle(id, run -> {
            CORE.pass(Core.LEASE);
            assertThat(CORE.jobs.claim(id)).isInstanceOf(Claim.Won.class);
            CORE.pass(Duration.ofMillis(1));
            run.ensureMine();
            throw new AssertionError("an effect after the lease");
        });

        assertThat(disposition).isInstanceOf(Return.class);
        assertThat(job(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(job(id).fence()).isEqualTo(2);
    }

    @Test
    void heartbeatAtTheEndOfARunDoesNotTakeItsJobForLost() throws Exception {
        var runner = CORE.runner(run -> {
            CORE.pass(Core.LEASE.dividedBy(2)); // from here on, every beat renews the lease
            return DONE;
        });
        for (var i = 0; i < 50; i++) {
            var delivery = delivery(JobMessage.body(job(submitted())));
            var ended = new AtomicBoolean();
            var heart = Thread.startVirtualThread(() -> {
                while (!ended.get()) beat(runner, delivery);
            });

            assertThat(runner.handle(delivery)).isEqualTo(new Delete());

            ended.set(true);
            heart.join();
        }
    }

    @Test
    void longRunKeepsItsJobByItsHeartbeat() throws Exception {
        var id = submitted();
        var delivery = delivery(JobMessage.body(job(id)));
        var runner = new AtomicReference<JobRunner>();
        runner.set(CORE.runner(run -> {
            for (var beat = 0; beat < 5; beat++) {
                CORE.pass(Core.LEASE.dividedBy(2));
                runner.get().heartbeat(delivery);
                assertThat(CORE.jobs.claim(id)).isInstanceOf(Claim.NotBefore.class);
            }
            run.ensureMine();
            return DONE;
        }));

        assertThat(runner.get().handle(delivery)).isEqualTo(new Delete());

        assertThat(job(id).fence()).isEqualTo(1);
    }

    @Test
    void jobThatSilencesItsWorkersIsQuarantined() throws Exception {
        var id = submitted();
        for (var crash = 0; crash < 2; crash++) {
            CORE.jobs.claim(id);
            CORE.pass(Core.LEASE);
        }

        assertThat(handle(id, run -> DONE)).isEqualTo(new Delete());

        assertThat(runs.get()).isZero();
        assertThat(job(id).error().orElseThrow().code()).isEqualTo("quarantined");
    }

    @Test
    void messageOfAnotherVersionWaitsForAWorkerThatKnowsIt() throws Exception {
        var id = submitted();

        assertThat(CORE.runner(this::never).handle(delivery("{\"v\": 2, \"job\": \"" + id + "\"}")))
                .isEqualTo(new Return(Duration.ofMinutes(1)));
        assertThat(job(id).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void garbageIsSetAside() throws Exception {
        var runner = CORE.runner(this::never);

        assertThat(runner.handle(delivery("garbage"))).isInstanceOf(SetAside.class);
        assertThat(runner.handle(delivery("{}"))).isInstanceOf(SetAside.class);
        assertThat(runner.handle(delivery(JobMessage.body(CORE.job("never stored")))))
                .isEqualTo(new SetAside("no such job"));
    }

    private static void beat(JobRunner runner, Delivery delivery) {
        try {
            runner.heartbeat(delivery);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private Outcome never(Run run) {
        throw new AssertionError("nothing to run");
    }

    private Disposition handle(JobId id, JobHandler handler) throws InterruptedException {
        return CORE.runner(run -> {
                    runs.incrementAndGet();
                    return handler.handle(run);
                })
                .handle(delivery(JobMessage.body(job(id))));
    }

    private static Delivery delivery(String body) {
        return new Delivery("m-1", "r-1", body, 1, CORE.now, "");
    }

    private static JobId submitted() {
        var job = CORE.job("x");
        CORE.jobs.submit(job);
        return job.id();
    }

    private static Job job(JobId id) {
        return CORE.jobs.find(id).orElseThrow();
    }
}
