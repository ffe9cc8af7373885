package dev.holdfast.table;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Json;
import dev.holdfast.job.Progress;
import dev.holdfast.resources.TableResource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The jobs table, one item per job.
 *
 * <p>A claim raises the item's fence; every later write of that run is conditional on the fence that it was given. A
 * run that was replaced (its lease ran out, another claimed) therefore changes nothing any more, whatever its clock
 * says.
 */
public final class JobTable {

    /** History lines that are kept: the first ones of a job's life and the latest. */
    static final int HISTORY_LIMIT = 50;

    private static final String MINE = "#state = :running AND fence = :fence";

    private final JobItems items;
    private final JobTableConfig config;
    private final InstantSource clock;
    private final RandomGenerator random;

    public JobTable(
            DynamoDbClient dynamo, String name, JobTableConfig config, InstantSource clock, RandomGenerator random) {
        this.items = new JobItems(dynamo, name);
        this.config = config;
        this.clock = clock;
        this.random = random;
    }

    /** The table's shape. The index serves listing: newest first, within a tenant. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(
                dynamo,
                name,
                "id",
                Optional.empty(),
                Optional.of(new TableResource.Index("tenant-createdAt", "tenant", "createdAt")));
    }

    /** Stores a new job, unless its id is taken. Called twice with the same job: the second call is a replay. */
    public Submission submit(Job job) {
        return items.putIfAbsent(job)
                .<Submission>map(present -> present.requestHash().equals(job.requestHash())
                        ? new Submission.Replayed(present)
                        : new Submission.KeyReused())
                .orElseGet(() -> new Submission.Accepted(job));
    }

    /** The job as it stands now, strongly consistent. */
    public Optional<Job> find(JobId id) {
        return items.find(id);
    }

    /**
     * Takes the job for a run, if it is free: due and waiting for a run, or left behind by a run whose lease is over.
     * The happy path is one write.
     */
    public Claim claim(JobId id) {
        var now = now();
        var token = Long.toHexString(random.nextLong());
        try {
            return new Claim.Won(items.update(
                    id,
                    "SET #state = :running, fence = fence + :one, attempt = attempt + :one, leaseUntil = :lease, #token = :token,"
                            + " startedAt = if_not_exists(startedAt, :now), updatedAt = :now,"
                            + " history = list_append(history, :entry)",
                    "#state IN (:queued, :retrying, :scheduled)"
                            + " AND (attribute_not_exists(notBefore) OR notBefore <= :now)",
                    lease(now, token, "")
                            .with(":queued", JobState.QUEUED.name())
                            .with(":retrying", JobState.RETRYING.name())
                            .with(":scheduled", JobState.SCHEDULED.name())));
        } catch (ConditionalCheckFailedException notFree) {
            return items.present(notFree, id)
                    .map(job -> notFree(job, token, now))
                    .orElseGet(Claim.Unknown::new);
        }
    }

    private Claim notFree(Job job, String token, Instant now) {
        if (job.claimToken().equals(token)) return new Claim.Won(job); // the SDK has repeated this very call
        if (job.state().isFinal()) return new Claim.Ended(job);
        if (job.state() != JobState.RUNNING)
            return new Claim.NotBefore(job.notBefore().orElse(now));
        var leaseUntil = job.leaseUntil().orElse(now);
        return leaseUntil.isAfter(now) ? new Claim.NotBefore(leaseUntil) : takeOver(job, token, now);
    }

    /**
     * Claims a job whose run fell silent. A crash is counted, and the attempt that it cut short is not counted again.
     */
    private Claim takeOver(Job silent, String token, Instant now) {
        try {
            return new Claim.Won(items.update(
                    silent.id(),
                    "SET fence = fence + :one, crashes = :crashes, leaseUntil = :lease, #token = :token, updatedAt = :now,"
                            + " history = list_append(history, :entry)",
                    "#state = :running AND fence = :fence AND leaseUntil <= :now",
                    lease(now, token, "taken over from a run that fell silent")
                            .with(":crashes", silent.crashes() + 1)
                            .with(":fence", silent.fence())));
        } catch (ConditionalCheckFailedException refused) {
            return items.present(refused, silent.id())
                    .filter(job -> job.claimToken().equals(token))
                    .<Claim>map(Claim.Won::new)
                    .orElseGet(() -> new Claim.NotBefore(now.plus(config.lease())));
        }
    }

    private Item lease(Instant now, String token, String note) {
        return Item.empty()
                .with(":running", JobState.RUNNING.name())
                .with(":one", 1)
                .with(":now", now)
                .with(":token", token)
                .with(":lease", now.plus(config.lease()))
                .with(":entry", List.of(JobItem.line(new HistoryEntry(now, JobState.RUNNING, note))));
    }

    /**
     * Keeps the job for this run for another lease.
     *
     * @return the end of the new lease; empty when the job is no longer this run's
     */
    public Optional<Instant> renew(Job run, Optional<Progress> progress) {
        var now = now();
        var until = now.plus(config.lease());
        var values = mine(run).with(":lease", until).with(":now", now);
        progress.ifPresent(value -> values.with(":progress", Json.write(value)));
        try {
            items.update(
                    run.id(),
                    "SET leaseUntil = :lease, updatedAt = :now"
                            + (progress.isPresent() ? ", progress = :progress" : ""),
                    MINE,
                    values);
            return Optional.of(until);
        } catch (ConditionalCheckFailedException lost) {
            return Optional.empty();
        }
    }

    /** Ends the job well. Empty when it is no longer this run's, and nothing was written. */
    public Optional<Job> succeed(Job run, JobResult result) {
        return end(
                run, JobState.SUCCEEDED, "SET #result = :what, ", Json.write(result), "", " REMOVE leaseUntil, #error");
    }

    /** Gives the job up. Empty when it is no longer this run's, and nothing was written. */
    public Optional<Job> fail(Job run, JobError error) {
        return end(run, JobState.FAILED, "SET #error = :what, ", Json.write(error), error.code(), " REMOVE leaseUntil");
    }

    /** Lets the job wait for its next attempt. Empty when it is no longer this run's. */
    public Optional<Job> retry(Job run, JobError error, Duration delay) {
        var now = now();
        return write(
                run,
                JobState.RETRYING,
                now,
                error.code(),
                "SET #error = :error, notBefore = :due, ",
                Item.empty().with(":error", Json.write(error)).with(":due", now.plus(delay)),
                " REMOVE leaseUntil");
    }

    /** Puts the job back on the queue, the attempt not counted. Empty when it is no longer this run's. */
    public Optional<Job> postpone(Job run, Duration delay, String reason) {
        var now = now();
        return write(
                run,
                JobState.QUEUED,
                now,
                reason,
                "SET attempt = attempt - :one, notBefore = :due, ",
                Item.empty().with(":one", 1).with(":due", now.plus(delay)),
                " REMOVE leaseUntil");
    }

    private Optional<Job> end(Job run, JobState state, String set, String what, String note, String remove) {
        var now = now();
        var values = Item.empty()
                .with(":what", what)
                .with(":ttl", now.plus(config.retention()).getEpochSecond());
        return write(run, state, now, note, set + "finishedAt = :now, #ttl = :ttl, ", values, remove);
    }

    private Optional<Job> write(
            Job run, JobState state, Instant now, String note, String set, Item values, String remove) {
        var history = new ArrayList<>(run.history());
        while (history.size() >= HISTORY_LIMIT) history.remove(HISTORY_LIMIT / 2);
        history.add(new HistoryEntry(now, state, note));
        values.with(":state", state.name())
                .with(":now", now)
                .with(":history", history.stream().map(JobItem::line).toList());
        mine(run).attributes().forEach(values.attributes()::put);
        try {
            return Optional.of(items.update(
                    run.id(), set + "#state = :state, updatedAt = :now, history = :history" + remove, MINE, values));
        } catch (ConditionalCheckFailedException refused) {
            // The SDK repeats a call whose answer got lost: what stands there under this run's fence, this run has
            // written.
            return items.present(refused, run.id()).filter(job -> job.fence() == run.fence() && job.state() == state);
        }
    }

    /** For effects in other tables: holds only while the job is still this run's. Goes into their transaction. */
    public ConditionCheck stillMine(Job run) {
        return ConditionCheck.builder()
                .tableName(items.table())
                .key(JobItems.key(run.id()))
                .conditionExpression(MINE)
                .expressionAttributeNames(Map.of("#state", "state"))
                .expressionAttributeValues(mine(run).attributes())
                .build();
    }

    private static Item mine(Job run) {
        return Item.empty().with(":running", JobState.RUNNING.name()).with(":fence", run.fence());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
