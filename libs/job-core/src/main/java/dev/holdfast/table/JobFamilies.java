package dev.holdfast.table;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Json;
import dev.holdfast.job.Outcome.FanOut;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Jobs that fan out to others and wait for them.
 *
 * <p>Children are stored while the job is still its run's; the last of them in the transaction that lets the job wait.
 * A run that is replaced before leaves children behind that are never queued, because nothing waits for them.
 */
public final class JobFamilies {

    /** The DynamoDB limit of one transaction is 100 writes; one of them is the parent's. */
    private static final int MOST_CHILDREN = 99;

    /** The DynamoDB limit of one transaction is 4 MB; the rest is room for what else an item holds. */
    private static final int MOST_BYTES = 2_000_000;

    private final JobTable table;
    private final JobItems items;
    private final JobSteps steps;

    public JobFamilies(DynamoDbClient dynamo, String name, JobTable table, JobTableConfig config, InstantSource clock) {
        this.table = table;
        this.items = new JobItems(dynamo, name);
        this.steps = new JobSteps(config, clock);
    }

    /**
     * Stores the children and lets the job wait for them.
     *
     * @return the waiting job; empty when it is no longer this run's, or cancelled: nothing will come of the children
     *     then
     */
    public Optional<Job> fanOut(Job run, FanOut fanOut) {
        try {
            var parts = parts(run, fanOut);
            for (var part : parts.subList(0, parts.size() - 1)) {
                var writes = new ArrayList<TransactWriteItem>();
                writes.add(TransactWriteItem.builder()
                        .conditionCheck(table.stillMine(run))
                        .build());
                part.forEach(child -> writes.add(items.putting(child)));
                items.transact(writes);
            }
            var writes = new ArrayList<TransactWriteItem>();
            writes.add(waiting(run, fanOut));
            parts.getLast().forEach(child -> writes.add(items.putting(child)));
            items.transact(writes);
        } catch (TransactionCanceledException cancelled) {
            var parent = cancelled.cancellationReasons().getFirst();
            if (!"ConditionalCheckFailed".equals(parent.code())) throw cancelled;
        }
        return items.find(run.id()).filter(job -> job.state() == JobState.WAITING && job.fence() == run.fence());
    }

    private TransactWriteItem waiting(Job run, FanOut fanOut) {
        var values = steps.values(run, JobState.WAITING, fanOut.children().size() + " children")
                .withAll(JobTable.mine(run))
                .with(":zero", 0)
                .with(":children", fanOut.children().size())
                .with(":phase", fanOut.thenPhase());
        return items.updating(
                run.id(),
                "SET " + JobSteps.MOVE + ", children = :children, outstanding = :children, childrenFailed = :zero,"
                        + " childrenFence = :fence, phase = :phase REMOVE leaseUntil, childEndedAt, #error",
                JobTable.MINE_TO_GO_ON,
                values);
    }

    private List<List<Job>> parts(Job run, FanOut fanOut) {
        var now = steps.now();
        var children = IntStream.range(0, fanOut.children().size())
                .mapToObj(index -> run.child(index, fanOut.children().get(index), now))
                .toList();
        var parts = new ArrayList<List<Job>>();
        parts.add(new ArrayList<>());
        var bytes = 0;
        for (var child : children) {
            var size = Json.write(child.spec().payload()).length();
            if (parts.getLast().size() == MOST_CHILDREN || bytes + size > MOST_BYTES) {
                parts.add(new ArrayList<>());
                bytes = 0;
            }
            parts.getLast().add(child);
            bytes += size;
        }
        return parts;
    }

    /** Those children of a waiting job that nobody has begun yet; all of them, though they were stored just now. */
    public List<Job> unbegun(Job parent) {
        return parent.children().map(children -> children.ids(parent.id())).map(items::findAllNow).stream()
                .flatMap(List::stream)
                .filter(child -> child.state() == JobState.QUEUED && child.fence() == 0)
                .toList();
    }

    /**
     * Wakes a job whose last child has ended: it is to be queued for its next phase then. Called again before that has
     * begun, it says so again, for the first caller may have died in between.
     *
     * @return the job to queue; empty when there is nothing to do
     */
    public Optional<Job> wake(JobId parent) {
        var found = items.find(parent);
        if (found.isEmpty() || found.get().children().isEmpty()) return Optional.empty();
        var job = found.get();
        if (isAwake(job)) return found;
        var values = steps.values(job, JobState.QUEUED, job.phase())
                .with(":zero", 0)
                .with(":waiting", JobState.WAITING.name());
        try {
            return Optional.of(items.update(
                    parent,
                    "SET " + JobSteps.MOVE + ", attempt = :zero REMOVE notBefore",
                    "#state = :waiting AND outstanding = :zero",
                    values));
        } catch (ConditionalCheckFailedException notYet) {
            return items.present(notYet, parent).filter(JobFamilies::isAwake);
        }
    }

    private static boolean isAwake(Job job) {
        return job.state() == JobState.QUEUED
                && job.children()
                        .filter(children -> children.outstanding() == 0 && children.fence() == job.fence())
                        .isPresent();
    }
}
