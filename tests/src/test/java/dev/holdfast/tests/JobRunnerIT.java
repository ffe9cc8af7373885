package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Children;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Lane;
import dev.holdfast.job.Outcome;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.Disposition.SlowDown;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.JobMessage;
import dev.holdfast.run.JobRunner;
import dev.holdfast.run.Run;
import dev.holdfast.table.Claim;
import dev.holdfast.table.JobControl.Cancellation;
import dev.holdfast.table.JobControl.Retrial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

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
    void cancelledJobIsNotBegunAgainAfterItsRunFellSilent() throws Exception {
        var id = submitted();
        CORE.jobs.claim(id);
        CORE.control.cancel(id);
        CORE.pass(Core.LEASE);

        assertThat(handle(id, run -> DONE)).isEqualTo(new Delete());

        assertThat(runs.get()).isEqualTo(0);
        assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void messageThatComesForADayComesEverMoreRarely() throws Exception {
        var id = submitted();
        CORE.jobs.claim(id);
        var body = JobMessage.body(job(id));

        var early = CORE.runner(this::never).handle(new Delivery("m-1", "r-1", body, 20, CORE.now, ""));
        var late = CORE.runner(this::never).handle(new Delivery("m-1", "r-1", body, 500, CORE.now, ""));

        assertThat(((Return) early).delay()).isBetween(Core.LEASE, Core.LEASE.plusSeconds(2));
        assertThat(late).isEqualTo(new Return(Duration.ofMinutes(10)));
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
    void cancelledWhileItWaitsIsOverAtOnce() throws Exception {
        var id = submitted();

        assertThat(CORE.control.cancel(id)).get().isInstanceOf(Cancellation.Done.class);

        assertThat(handle(id, run -> DONE)).isEqualTo(new Delete());
        assertThat(runs.get()).isZero();
        assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
        assertThat(CORE.control.cancel(id)).get().isInstanceOf(Cancellation.TooLate.class);
    }

    @Test
    void cancelledRunStopsAtItsNextHeartbeat() throws Exception {
        var id = submitted();
        var delivery = delivery(JobMessage.body(job(id)));
        var runner = new AtomicReference<JobRunner>();
        runner.set(CORE.runner(run -> {
            assertThat(CORE.control.cancel(id)).get().isInstanceOf(Cancellation.Requested.class);
            CORE.pass(Core.LEASE.dividedBy(2));
            beat(runner.get(), delivery);
            Thread.sleep(10_000);
            throw new AssertionError("an effect after the cancellation was seen");
        }));

        assertThat(runner.get().handle(delivery)).isEqualTo(new Delete());

        assertThat(job(id).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void cancelledRunStopsAtItsNextEffect() throws Exception {
        var id = submitted();

        handle(id, run -> {
            CORE.control.cancel(id);
            CORE.dynamo.transactWriteItems(write -> write.transactItems(
                    item -> item.conditionCheck(CORE.jobs.stillMine(run.job())),
                    item -> item.update(update -> update.tableName(CORE.table)
                            .key(Item.key("id", "effect of " + id))
                            .updateExpression("SET done = :one")
                            .expressionAttributeValues(
                                    Item.empty().with(":one", 1).attributes()))));
            return DONE;
        });

        assertThat(CORE.dynamo
                        .getItem(get -> get.tableName(CORE.table).key(Item.key("id", "effect of " + id)))
                        .hasItem())
                .isFalse();
    }

    @Test
    void failedJobIsRetriedWithAllItsAttemptsBeforeIt() throws Exception {
        var id = submitted();
        handle(id, run -> new Outcome.Rejected("no-such-thing", "There is none."));

        assertThat(CORE.control.retry(id)).get().isInstanceOf(Retrial.Queued.class);
        assertThat(CORE.control.retry(id))
                .as("again, before it has begun")
                .get()
                .isInstanceOf(Retrial.Queued.class);
        assertThat(handle(id, run -> DONE)).isEqualTo(new Delete());

        assertThat(job(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job(id).attempt()).isEqualTo(1);
        assertThat(job(id).error()).isEmpty();
        assertThat(job(id).history())
                .extracting(HistoryEntry::state)
                .containsExactly(
                        JobState.QUEUED,
                        JobState.RUNNING,
                        JobState.FAILED,
                        JobState.QUEUED,
                        JobState.RUNNING,
                        JobState.SUCCEEDED);
        assertThat(CORE.control.retry(id)).get().isInstanceOf(Retrial.Refused.class);
    }

    @Test
    void runIsStoppedAtItsDeadline() throws Exception {
        var id = submitted(CORE.jobDueWithin(Duration.ofMinutes(1)));

        assertThat(hang(id, Duration.ofSeconds(61))).isEqualTo(new Delete());

        assertThat(job(id).state()).isEqualTo(JobState.FAILED);
        assertThat(job(id).error().orElseThrow().code()).isEqualTo("deadline-exceeded");
    }

    @Test
    void runIsStoppedAtTheTimeLimitOfItsTypeAndTriedAgain() throws Exception {
        var id = submitted();

        assertThat(hang(id, JobType.REGISTRATION.timeLimit().plusMillis(1))).isInstanceOf(Return.class);

        assertThat(job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(job(id).error().orElseThrow().code()).isEqualTo("timed-out");
        assertThat(job(id).attempt()).isEqualTo(1);
    }

    @Test
    void handlerThatDoesNotHeedItsStopLosesItsSlot() throws Exception {
        var id = submitted();
        var delivery = delivery(JobMessage.body(job(id)));
        var runner = new AtomicReference<JobRunner>();
        var taken = new AtomicReference<Disposition>();
        runner.set(CORE.runner(run -> {
            CORE.pass(JobType.REGISTRATION.timeLimit().plusMillis(1));
            assertThat(beat(runner.get(), delivery)).isEmpty();
            Thread.interrupted(); // heeds nothing
            CORE.pass(Duration.ofSeconds(31));
            taken.set(beat(runner.get(), delivery).orElseThrow());
            return DONE;
        }));

        assertThat(runner.get().handle(delivery)).as("comes too late").isInstanceOf(Return.class);

        assertThat(taken.get()).isInstanceOf(Return.class);
        assertThat(job(id).state()).isEqualTo(JobState.RETRYING);
        assertThat(CORE.meters.counter("jobs.stuck", "type", "registration").count())
                .isEqualTo(1);
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
    void runThatOutlivesItsMessageSendsAFreshOne() throws Exception {
        // given
        var id = submitted(CORE.longJob());
        var delivery = delivery(JobMessage.body(job(id)));
        var queue = CORE.names.lane(Lane.BULK);
        var before = CORE.messages(queue);
        var runner = new AtomicReference<JobRunner>();

        var resent = new AtomicInteger();

        // when
        runner.set(CORE.runner(run -> {
            CORE.pass(Duration.ofHours(11));
            beat(runner.get(), delivery);
            resent.set(CORE.messages(queue) - before);
            return DONE;
        }));
        runner.get().handle(delivery);

        // then
        assertThat(resent.get()).isEqualTo(1);
    }

    @Test
    void parentIsRunAgainWhenItsLastChildHasEnded() throws Exception {
        // given
        var parent = submitted();
        var children = IntStream.range(0, 150)
                .<JobPayload>mapToObj(
                        i -> new JobPayload.Registration("child-" + i, "c" + i + "@example.org", Map.of()))
                .toList();

        // when
        assertThat(handle(parent, run -> new Outcome.FanOut(children, "commit")))
                .isEqualTo(new Delete());
        var waiting = job(parent);
        assertThat(handle(parent, run -> DONE))
                .as("its message again, while it waits")
                .isEqualTo(new Delete());
        var ids = waiting.children().orElseThrow().ids(parent);
        for (var child : ids.subList(0, 149)) handle(child, run -> DONE);
        assertThat(job(parent).state()).isEqualTo(JobState.WAITING);
        handle(ids.get(149), run -> new Outcome.Rejected("broken", "This one is."));
        handle(ids.get(149), run -> DONE);

        // then
        assertThat(waiting.state()).isEqualTo(JobState.WAITING);
        var awake = job(parent);
        assertThat(awake.state()).isEqualTo(JobState.QUEUED);
        assertThat(awake.phase()).isEqualTo("commit");
        assertThat(awake.children()).contains(new Children(1, 150, 0, 1));
        var phases = new AtomicReference<String>();
        handle(parent, run -> {
            phases.set(run.job().phase());
            return DONE;
        });
        assertThat(phases.get()).isEqualTo("commit");
        assertThat(job(parent).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void childrenThatEndTogetherAreAllCounted() throws Exception {
        var parent = submitted();
        var children = IntStream.range(0, 20)
                .<JobPayload>mapToObj(i -> new JobPayload.Registration("twin-" + i, "t" + i + "@example.org", Map.of()))
                .toList();
        handle(parent, run -> new Outcome.FanOut(children, "commit"));

        var threads = job(parent).children().orElseThrow().ids(parent).stream()
                .map(child -> Thread.startVirtualThread(() -> {
                    try {
                        handle(child, run -> DONE);
                    } catch (InterruptedException never) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
        for (var thread : threads) thread.join();

        assertThat(job(parent).children()).contains(new Children(1, 20, 0, 0));
        assertThat(job(parent).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void replacedRunCannotFanOut() throws Exception {
        var id = submitted();

        var disposition = handle(id, run -> {
            CORE.pass(Core.LEASE);
            assertThat(CORE.jobs.claim(id)).isInstanceOf(Claim.Won.class);
            return new Outcome.FanOut(List.of(run.job().spec().payload()), "commit");
        });

        assertThat(disposition).isEqualTo(new Return(Duration.ofMinutes(1)));
        assertThat(job(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(CORE.jobs.find(JobId.child(id, 1, 0))).isEmpty();
    }

    @Test
    void cancellingAWaitingJobCancelsItsChildren() throws Exception {
        var parent = submitted();
        handle(parent, run -> new Outcome.FanOut(List.of(run.job().spec().payload()), "commit"));

        CORE.control.cancel(parent);

        assertThat(job(parent).state()).isEqualTo(JobState.CANCELLED);
        assertThat(job(JobId.child(parent, 1, 0)).state()).isEqualTo(JobState.CANCELLED);
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

    /** Runs a handler that waits for ever, with a heartbeat after that time. */
    private Disposition hang(JobId id, Duration time) throws InterruptedException {
        var delivery = delivery(JobMessage.body(job(id)));
        var runner = new AtomicReference<JobRunner>();
        runner.set(CORE.runner(run -> {
            CORE.pass(time);
            beat(runner.get(), delivery);
            new CountDownLatch(1).await();
            return DONE;
        }));
        return runner.get().handle(delivery);
    }

    /** As the consumer does it: on a thread of its own. */
    private static Optional<Disposition> beat(JobRunner runner, Delivery delivery) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return runner.heartbeat(delivery);
                            } catch (InterruptedException never) {
                                throw new IllegalStateException(never);
                            }
                        },
                        task -> Thread.startVirtualThread(task))
                .join();
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
        return submitted(CORE.job("x"));
    }

    private static JobId submitted(Job job) {
        CORE.jobs.submit(job);
        return job.id();
    }

    private static Job job(JobId id) {
        return CORE.jobs.find(id).orElseThrow();
    }
}
