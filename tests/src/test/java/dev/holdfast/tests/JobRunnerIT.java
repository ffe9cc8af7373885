package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.Disposition.SlowDown;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.JobMessage;
import dev.holdfast.run.JobRunner;
import dev.holdfast.table.Claim;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

class JobRunnerIT extends JobRuns {

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

    /** As after an outage of the table. Left as it was, it would look like the work of a process that died. */
    @Test
    void runWhoseLeaseIsOverGivesItsJobBackIfNobodyElseHasIt() throws Exception {
        var id = submitted();

        var disposition = handle(id, run -> {
            CORE.pass(Core.LEASE.plusMillis(1));
            run.ensureMine();
            throw new AssertionError("an effect after the lease");
        });

        assertThat(disposition).isInstanceOf(Return.class);
        assertThat(job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(job(id).error().orElseThrow().code()).isEqualTo("lease-lost");
        assertThat(job(id).attempt()).isEqualTo(1);
        assertThat(job(id).crashes()).isZero();
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
                beat(runner.get(), delivery);
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
    void jobsWhoseRunsFellSilentAreRunOneAtATime() throws Exception {
        // given: two jobs that a dying process has left behind
        var first = submitted();
        var second = submitted();
        CORE.jobs.claim(first);
        CORE.jobs.claim(second);
        CORE.pass(Core.LEASE);
        var other = new AtomicReference<Disposition>();
        var runner = new AtomicReference<JobRunner>();

        // when
        runner.set(CORE.runner(run -> {
            runs.incrementAndGet();
            if (run.job().id().equals(first)) {
                other.set(runner.get().handle(delivery(JobMessage.body(job(second)))));
            }
            return DONE;
        }));
        runner.get().handle(delivery(JobMessage.body(job(first))));

        // then
        assertThat(runs.get()).isEqualTo(1);
        assertThat(other.get()).isInstanceOf(Return.class);
        assertThat(job(second).state()).isEqualTo(JobState.QUEUED);
        CORE.pass(Duration.ofSeconds(10));
        runner.get().handle(delivery(JobMessage.body(job(second))));
        assertThat(job(second).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job(second).attempt()).isEqualTo(1);
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

    @Test
    void throttledRunSlowsItsConsumerDownAndSpendsNoAttempt() throws Exception {
        var id = submitted();

        var disposition = handle(id, run -> {
            throw ProvisionedThroughputExceededException.builder()
                    .message("slow down")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("ProvisionedThroughputExceededException")
                            .build())
                    .build();
        });

        assertThat(disposition).isInstanceOf(SlowDown.class);
        assertThat(job(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(job(id).attempt()).isZero();
    }

    @Test
    void requestThatAwsCanNeverTakeEndsTheJob() throws Exception {
        var id = submitted();

        handle(id, run -> {
            CORE.dynamo.getItem(get -> get.tableName("no-such-table").key(Item.key("id", "x")));
            return DONE;
        });

        assertThat(job(id).state()).isEqualTo(JobState.FAILED);
        assertThat(job(id).error().orElseThrow().code()).isEqualTo("aws-refused");
    }

    @Test
    void messageOfALaterPayloadWaitsUnclaimedForAWorkerThatKnowsIt() throws Exception {
        var id = submitted();
        var later = JobMessage.body(job(id)).replace("\"version\":1", "\"version\":2");
        var unknown = JobMessage.body(job(id)).replace("registration", "teleportation");

        assertThat(CORE.runner(this::never).handle(delivery(later))).isEqualTo(new Return(Duration.ofMinutes(1)));
        assertThat(CORE.runner(this::never).handle(delivery(unknown))).isEqualTo(new Return(Duration.ofMinutes(1)));
        assertThat(job(id).fence()).isZero();
    }
}
