package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Lane;
import dev.holdfast.job.Outcome;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.run.JobMessage;
import dev.holdfast.run.JobRunner;
import dev.holdfast.table.JobControl.Cancellation;
import dev.holdfast.table.JobControl.Retrial;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

class JobLimitsIT extends JobRuns {

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
            var effect = Update.builder()
                    .tableName(CORE.table)
                    .key(Item.key("id", "effect of " + id))
                    .updateExpression("SET done = :one")
                    .expressionAttributeValues(Item.empty().with(":one", 1).attributes())
                    .build();
            var check = CORE.jobs.stillMine(run.job());
            CORE.dynamo.transactWriteItems(write -> write.transactItems(
                    TransactWriteItem.builder().conditionCheck(check).build(),
                    TransactWriteItem.builder().update(effect).build()));
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
    void messageThatComesForADayComesEverMoreRarely() throws Exception {
        var id = submitted();
        CORE.jobs.claim(id);
        var body = JobMessage.body(job(id));

        var early = CORE.runner(this::never).handle(new Delivery("m-1", "r-1", body, 20, CORE.now, ""));
        var late = CORE.runner(this::never).handle(new Delivery("m-1", "r-1", body, 500, CORE.now, ""));

        assertThat(((Return) early).delay()).isBetween(Core.LEASE, Core.LEASE.plusSeconds(2));
        assertThat(late).isEqualTo(new Return(Duration.ofMinutes(10)));
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
}
