package dev.holdfast.table;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** What the owner of a job can do to it from outside: cancel it, and try it again after it has failed. */
public final class JobControl {

    private static final String UNCHANGED = "#state = :was AND fence = :fence AND updatedAt = :seen";

    private final JobItems items;
    private final JobEnds ends;
    private final JobSteps steps;

    public JobControl(
            DynamoDbClient dynamo, String name, JobTableConfig config, InstantSource clock, RandomGenerator random) {
        this.items = new JobItems(dynamo, name);
        this.ends = new JobEnds(items, random);
        this.steps = new JobSteps(config, clock);
    }

    /** What came of cancelling a job. */
    public sealed interface Cancellation {
        /** It waited, and has ended now. */
        record Done(Job job) implements Cancellation {}

        /** It runs; its run stops at its next heartbeat or effect, unless it has ended its work by then. */
        record Requested(Job job) implements Cancellation {}

        /** It had ended before. */
        record TooLate(Job job) implements Cancellation {}
    }

    /** What came of retrying a job. */
    public sealed interface Retrial {
        /** It is to be queued again. */
        record Queued(Job job) implements Retrial {}

        /** It cannot be, for the reason given. */
        record Refused(Job job, String reason) implements Retrial {}
    }

    /**
     * Cancels a job, and the children that it waits for. Called again while it runs, it changes nothing.
     *
     * @return empty when there is no such job
     */
    public Optional<Cancellation> cancel(JobId id) {
        while (true) {
            var found = items.find(id);
            if (found.isEmpty()) return Optional.empty();
            var job = found.get();
            if (job.state().isFinal()) return Optional.of(new Cancellation.TooLate(job));
            var written = job.state() == JobState.RUNNING ? request(job) : end(job);
            if (written.isPresent()) return written;
        }
    }

    private Optional<Cancellation> request(Job job) {
        if (job.cancelRequested()) return Optional.of(new Cancellation.Requested(job));
        try {
            var values = unchanged(job).with(":now", steps.now()).with(":one", 1);
            return Optional.of(new Cancellation.Requested(
                    items.update(job.id(), "SET cancelRequested = :one, updatedAt = :now", UNCHANGED, values)));
        } catch (ConditionalCheckFailedException movedOn) {
            return Optional.empty();
        }
    }

    private Optional<Cancellation> end(Job job) {
        var values = steps.endValues(job, JobState.CANCELLED, "").withAll(unchanged(job));
        var ended = ends.write(
                job, JobState.CANCELLED, "SET " + JobSteps.END + " REMOVE due, notBefore", UNCHANGED, values);
        if (ended.isPresent() && job.state() == JobState.WAITING) children(job).forEach(this::cancel);
        return ended.map(Cancellation.Done::new);
    }

    private static List<JobId> children(Job job) {
        return job.children().map(children -> children.ids(job.id())).orElse(List.of());
    }

    /**
     * Readies a failed job for a new run, with all its phases and attempts before it. Called again before that run has
     * begun, it answers the same, for the first caller may have died before the job was queued.
     *
     * @return empty when there is no such job
     */
    public Optional<Retrial> retry(JobId id) {
        var found = items.find(id);
        if (found.isEmpty()) return Optional.empty();
        var job = found.get();
        var reason = refusal(job);
        if (reason.isPresent()) return Optional.of(new Retrial.Refused(job, reason.get()));
        if (job.state() == JobState.QUEUED) return Optional.of(new Retrial.Queued(job));
        try {
            var values = steps.values(job, JobState.QUEUED, "retried")
                    .withAll(unchanged(job))
                    .with(":zero", 0);
            return Optional.of(new Retrial.Queued(items.update(
                    id,
                    "SET " + JobSteps.MOVE + ", attempt = :zero, crashes = :zero"
                            + " REMOVE finishedAt, #ttl, notBefore, cancelRequested, progress, phase",
                    UNCHANGED,
                    values)));
        } catch (ConditionalCheckFailedException movedOn) {
            return retry(id);
        }
    }

    private Optional<String> refusal(Job job) {
        var retriedBefore = job.state() == JobState.QUEUED && job.error().isPresent() && job.attempt() == 0;
        if (job.state() != JobState.FAILED && !retriedBefore) {
            return Optional.of("Only a FAILED job can be retried; this one is " + job.state() + ".");
        }
        if (job.parent().isPresent()) {
            return Optional.of("A part of another job is tried again by retrying that one, "
                    + job.parent().get() + ".");
        }
        return job.spec()
                .deadline()
                .filter(steps.now()::isAfter)
                .map(deadline -> "Its deadline " + deadline + " is over; submit a new job.");
    }

    private static Item unchanged(Job job) {
        return Item.empty()
                .with(":was", job.state().name())
                .with(":fence", job.fence())
                .with(":seen", job.updatedAt());
    }
}
