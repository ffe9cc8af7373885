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

    static final String MINE = "#state = :running AND fence = :fence";
    static final String MINE_TO_GO_ON = MINE + " AND attribute_not_exists(cancelRequested)";

    private final JobItems items;
    private final JobEnds ends;
    private final JobSteps steps;
    private final JobTableConfig config;
    private final RandomGenerator random;

    public JobTable(
            DynamoDbClient dynamo, String name, JobTableConfig config, InstantSource clock, RandomGenerator random) {
        this.items = new JobItems(dynamo, name);
        this.ends = new JobEnds(items, random);
        this.steps = new JobSteps(config, clock);
        this.config = config;
        this.random = random;
    }

    /**
     * The table's shape. One index serves listing, within a tenant by time; the other finds jobs that start far ahead,
     * and costs nothing for all others, which are not in it.
     */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(
                dynamo,
                name,
                "id",
                Optional.empty(),
                List.of(
                        new TableResource.Index(JobIndex.BY_TENANT, "tenant", "createdAt"),
                        new TableResource.Index(JobItem.DUE, JobItem.DUE, "notBefore")));
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

    /** Those of the jobs that there are, as they stood a moment ago. */
    public List<Job> findAll(List<JobId> ids) {
        return items.findAll(ids);
    }

    /**
     * Takes the job for a run, if it is free: due and waiting for a run, or left behind by a run whose lease is over.
     * The happy path is one write.
     *
     * @throws UnreadableJobException when the job cannot be read
     */
    public Claim claim(JobId id) {
        var now = steps.now();
        var token = Long.toHexString(random.nextLong());
        try {
            return new Claim.Won(items.update(
                    id,
                    "SET #state = :running, fence = fence + :one, attempt = attempt + :one, leaseUntil = :lease, #token = :token,"
                            + " startedAt = if_not_exists(startedAt, :now), updatedAt = :now,"
                            + " history = list_append(history, :entry) REMOVE due",
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
        if (job.state() == JobState.WAITING) return new Claim.Waiting(job);
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
                    silent,
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
     * @return the job with its new lease; empty when it is no longer this run's
     */
    public Optional<Job> renew(Job run, Optional<Progress> progress) {
        var now = steps.now();
        var values = mine(run).with(":now", now).with(":lease", now.plus(config.lease()));
        progress.ifPresent(value -> values.with(":progress", Json.write(value)));
        try {
            return Optional.of(items.update(
                    run,
                    "SET leaseUntil = :lease, updatedAt = :now"
                            + (progress.isPresent() ? ", progress = :progress" : ""),
                    MINE,
                    values));
        } catch (ConditionalCheckFailedException lost) {
            return Optional.empty();
        }
    }

    /** Ends the job well. Empty when it is no longer this run's, and nothing was written. */
    public Optional<Job> succeed(Job run, JobResult result) {
        var what = Item.empty().with(":what", Json.write(result));
        return end(run, JobState.SUCCEEDED, "", "SET #result = :what, ", what, " REMOVE leaseUntil, #error", MINE);
    }

    /** Gives the job up. Empty when it is no longer this run's, and nothing was written. */
    public Optional<Job> fail(Job run, JobError error) {
        var what = Item.empty().with(":what", Json.write(error));
        return end(run, JobState.FAILED, error.code(), "SET #error = :what, ", what, " REMOVE leaseUntil", MINE);
    }

    /** Stops the job as its owner wished. Empty when nobody wished it, or when it is no longer this run's. */
    public Optional<Job> cancel(Job run) {
        var wished = MINE + " AND attribute_exists(cancelRequested)";
        return end(run, JobState.CANCELLED, "", "SET ", Item.empty(), " REMOVE leaseUntil", wished);
    }

    /** Lets the job wait for its next attempt. Empty when it is no longer this run's. */
    public Optional<Job> retry(Job run, JobError error, Duration delay) {
        var values = Item.empty()
                .with(":error", Json.write(error))
                .with(":due", steps.now().plus(delay));
        return move(run, JobState.RETRYING, error.code(), "SET #error = :error, notBefore = :due, ", values);
    }

    /** Puts the job back on the queue, the attempt not counted. Empty when it is no longer this run's. */
    public Optional<Job> postpone(Job run, Duration delay, String reason) {
        var values = Item.empty().with(":one", 1).with(":due", steps.now().plus(delay));
        return move(run, JobState.QUEUED, reason, "SET attempt = attempt - :one, notBefore = :due, ", values);
    }

    private Optional<Job> move(Job run, JobState state, String note, String set, Item values) {
        var all = values.withAll(steps.values(run, state, note)).withAll(mine(run));
        var expression = set + JobSteps.MOVE + " REMOVE leaseUntil";
        try {
            return Optional.of(items.update(run, expression, MINE, all));
        } catch (ConditionalCheckFailedException refused) { // unless it was this run: the SDK repeats calls
            return items.present(refused, run.id()).filter(job -> job.fence() == run.fence() && job.state() == state);
        }
    }

    private Optional<Job> end(
            Job run, JobState state, String note, String set, Item values, String remove, String condition) {
        var all = values.withAll(steps.endValues(run, state, note)).withAll(mine(run));
        return ends.write(run, state, set + JobSteps.END + remove, condition, all);
    }

    /** For effects in other tables: holds only while the job is still this run's, and nobody wants it cancelled. */
    public ConditionCheck stillMine(Job run) {
        return ConditionCheck.builder()
                .tableName(items.table())
                .key(JobItems.key(run.id()))
                .conditionExpression(MINE_TO_GO_ON)
                .expressionAttributeNames(Map.of("#state", "state"))
                .expressionAttributeValues(mine(run).attributes())
                .build();
    }

    static Item mine(Job run) {
        return Item.empty().with(":running", JobState.RUNNING.name()).with(":fence", run.fence());
    }
}
