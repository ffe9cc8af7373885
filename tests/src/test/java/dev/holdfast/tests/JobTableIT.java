package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Progress;
import dev.holdfast.table.Claim;
import dev.holdfast.table.JobIndex.Position;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.Submission;
import dev.holdfast.table.UnreadableJobException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class JobTableIT {

    private static final Core CORE = Core.start();
    private static final JobResult RESULT = new JobResult.Registered("u-1");
    private static final JobError ERROR = new JobError("broken", "It broke.", true, 1);

    private final JobTable table = CORE.jobs;

    @AfterAll
    static void close() {
        CORE.close();
    }

    @Test
    void jobIsStoredOnceAndAReplayShowsIt() {
        var job = CORE.job("a");

        assertThat(table.submit(job)).isEqualTo(new Submission.Accepted(job));
        assertThat(table.submit(job)).isEqualTo(new Submission.Replayed(job));
        assertThat(table.submit(CORE.job(job.id(), "other body"))).isEqualTo(new Submission.KeyReused());
        assertThat(table.find(job.id())).contains(job);
    }

    @Test
    void claimRaisesFenceAndAttempt() {
        var run = claimed(submitted());

        assertThat(run.state()).isEqualTo(JobState.RUNNING);
        assertThat(run.fence()).isEqualTo(1);
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(run.leaseUntil()).contains(CORE.now.plus(Core.LEASE));
    }

    @Test
    void liveRunIsNotDisturbed() {
        var run = claimed(submitted());

        assertThat(table.claim(run.id())).isEqualTo(new Claim.NotBefore(CORE.now.plus(Core.LEASE)));
    }

    @Test
    void silentRunIsTakenOverAndCanWriteNothingMore() {
        // given
        var zombie = claimed(submitted());
        CORE.pass(Core.LEASE);

        // when
        var successor = claimed(zombie.id());

        // then
        assertThat(successor.fence()).isEqualTo(2);
        assertThat(successor.crashes()).isEqualTo(1);
        assertThat(successor.attempt()).as("a crash is no attempt").isEqualTo(1);
        assertThat(table.succeed(zombie, RESULT)).isEmpty();
        assertThat(table.fail(zombie, ERROR)).isEmpty();
        assertThat(table.retry(zombie, ERROR, Duration.ZERO)).isEmpty();
        assertThat(table.postpone(zombie, Duration.ZERO, "no")).isEmpty();
        assertThat(table.renew(zombie, Optional.empty())).isEmpty();
        assertThat(table.succeed(successor, RESULT)).isPresent();
    }

    @Test
    void leaseEndsAtItsLastMillisecondAndNotBefore() {
        var run = claimed(submitted());
        CORE.pass(Core.LEASE.minusMillis(1));
        assertThat(table.claim(run.id())).isInstanceOf(Claim.NotBefore.class);

        CORE.pass(Duration.ofMillis(1));

        assertThat(table.claim(run.id())).isInstanceOf(Claim.Won.class);
    }

    @Test
    void renewedLeaseKeepsTheJobAndCarriesProgress() {
        var run = claimed(submitted());
        var progress = new Progress(3, 10, "files", "half way");
        CORE.pass(Core.LEASE.dividedBy(2));

        assertThat(table.renew(run, Optional.of(progress)).flatMap(Job::leaseUntil))
                .contains(CORE.now.plus(Core.LEASE));

        CORE.pass(Core.LEASE.minusMillis(1));
        assertThat(table.claim(run.id())).isInstanceOf(Claim.NotBefore.class);
        assertThat(table.find(run.id()).orElseThrow().progress()).contains(progress);
    }

    @Test
    void endedJobIsNotClaimedAgain() {
        var ended = table.succeed(claimed(submitted()), RESULT).orElseThrow();

        assertThat(ended.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(ended.result()).contains(RESULT);
        assertThat(ended.leaseUntil()).isEmpty();
        assertThat(table.claim(ended.id())).isEqualTo(new Claim.Ended(ended));
    }

    @Test
    void endThatIsWrittenTwiceByItsRunIsOneEnd() {
        var run = claimed(submitted());

        var once = table.succeed(run, RESULT);
        var repeated = table.succeed(run, RESULT);

        assertThat(repeated).isEqualTo(once).isPresent();
        assertThat(table.fail(run, ERROR)).as("another end than the first").isEmpty();
    }

    @Test
    void failedAttemptWaitsAndTheNextOneCounts() {
        var run = claimed(submitted());

        var waiting = table.retry(run, ERROR, Duration.ofSeconds(30)).orElseThrow();

        assertThat(waiting.state()).isEqualTo(JobState.RETRYING);
        assertThat(table.claim(run.id())).isEqualTo(new Claim.NotBefore(CORE.now.plusSeconds(30)));
        CORE.pass(Duration.ofSeconds(30));
        assertThat(claimed(run.id()).attempt()).isEqualTo(2);
    }

    @Test
    void postponedRunHasSpentNoAttempt() {
        var run = claimed(submitted());

        var waiting = table.postpone(run, Duration.ofSeconds(30), "too busy").orElseThrow();

        assertThat(waiting.state()).isEqualTo(JobState.QUEUED);
        assertThat(waiting.attempt()).isZero();
        CORE.pass(Duration.ofSeconds(30));
        assertThat(claimed(run.id()).attempt()).isEqualTo(1);
        assertThat(claimedFence(run.id())).isEqualTo(2);
    }

    @Test
    void historyKeepsTheBeginningAndTheEnd() {
        var id = submitted();
        for (var i = 0; i < 100; i++) table.postpone(claimed(id), Duration.ZERO, "again " + i);

        var ended = table.succeed(claimed(id), RESULT).orElseThrow();

        assertThat(ended.history()).hasSizeLessThanOrEqualTo(50);
        assertThat(ended.history().getFirst().state()).isEqualTo(JobState.QUEUED);
        assertThat(ended.history().getLast()).isEqualTo(new HistoryEntry(CORE.now, JobState.SUCCEEDED, ""));
    }

    /** Jobs without a message that start within so many days. */
    private static List<Job> due(int days) {
        return CORE.index
                .due(CORE.now.plus(Duration.ofDays(days)), Optional.empty(), 10)
                .jobs();
    }

    @Test
    void jobThatStartsFarAheadIsFoundWhenItIsDue() {
        var far = CORE.jobStartingIn(Duration.ofDays(400));
        var near = CORE.jobStartingIn(Duration.ofMinutes(15));
        table.submit(far);
        table.submit(near);

        assertThat(due(399)).isEmpty();
        assertThat(due(400)).containsExactly(far);
        CORE.index.queued(far);
        CORE.index.queued(far);

        assertThat(due(400)).isEmpty();
        assertThat(table.claim(far.id()))
                .isEqualTo(new Claim.NotBefore(far.notBefore().orElseThrow()));
    }

    /** Those of one moment too, of which there are more than a page has. */
    @Test
    void pagesOfJobsLeaveNoneOutBehindOneThatCannotBeRead() {
        CORE.pass(Duration.ofMinutes(1));
        var jobs = Stream.generate(() -> CORE.job("x")).limit(7).toList();
        jobs.forEach(table::submit);
        damage(jobs.get(3).id());

        var found = new ArrayList<Job>();
        var behind = Optional.<Position>empty();
        do {
            var page = CORE.index.accepted("acme", CORE.now, CORE.now, behind, 2);
            found.addAll(page.jobs());
            behind = page.next();
        } while (behind.isPresent());

        assertThat(found).hasSize(6).containsAll(jobs.subList(0, 3)).containsAll(jobs.subList(4, 7));
    }

    private static void damage(JobId id) {
        CORE.dynamo.updateItem(update -> update.tableName(CORE.table)
                .key(Item.key("id", id.toString()))
                .updateExpression("SET payload = :garbage")
                .expressionAttributeValues(Item.key(":garbage", "{garbage")));
    }

    @Test
    void jobThatThisReleaseCannotReadIsToldApart() {
        var id = submitted();
        damage(id);

        assertThatThrownBy(() -> table.claim(id))
                .isInstanceOf(UnreadableJobException.class)
                .hasMessageContaining(id.toString());
    }

    @Test
    void jobThatNobodyKnowsIsUnknown() {
        assertThat(table.claim(JobId.derived("none", "none"))).isEqualTo(new Claim.Unknown());
        assertThat(table.find(JobId.derived("none", "none"))).isEmpty();
    }

    private JobId submitted() {
        var job = CORE.job("x");
        table.submit(job);
        return job.id();
    }

    private Job claimed(JobId id) {
        return switch (table.claim(id)) {
            case Claim.Won(var job) -> job;
            case Claim.Ended e -> throw new AssertionError(e);
            case Claim.NotBefore e -> throw new AssertionError(e);
            case Claim.Waiting e -> throw new AssertionError(e);
            case Claim.Unknown e -> throw new AssertionError(e);
        };
    }

    private long claimedFence(JobId id) {
        return table.find(id).orElseThrow().fence();
    }
}
