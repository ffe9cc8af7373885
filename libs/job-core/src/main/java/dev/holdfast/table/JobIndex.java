package dev.holdfast.table;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Finds jobs by time: by their acceptance, and by their start. Answers lag a moment behind the table. */
public final class JobIndex {

    static final String BY_TENANT = "tenant-createdAt";

    private static final String ACCEPTED = "tenant = :tenant AND createdAt BETWEEN :from AND :until";

    private final JobItems items;

    public JobIndex(DynamoDbClient dynamo, String name) {
        this.items = new JobItems(dynamo, name);
    }

    /** Jobs of a tenant that were accepted in that time, both ends included; oldest first, at most {@code limit}. */
    public List<Job> accepted(String tenant, Instant from, Instant until, int limit) {
        return items.findAll(items.query(BY_TENANT, ACCEPTED, range(tenant, from, until), limit));
    }

    /** A place in the list of a tenant's jobs: below this one. */
    public record Position(Instant createdAt, JobId id) {}

    /**
     * Some jobs of a tenant, newest first.
     *
     * @param next where the jobs after them begin; empty: there are none
     */
    public record Page(List<Job> jobs, Optional<Position> next) {}

    /**
     * Jobs of a tenant that were accepted in that time, both ends included; newest first. A page may be short or empty
     * though there are more.
     *
     * @param below where the page before ended; must lie within that time
     * @param limit jobs that are looked at, from 1
     */
    public Page newest(String tenant, Instant from, Instant until, Optional<Position> below, int limit) {
        var keys =
                items.newest(BY_TENANT, ACCEPTED, range(tenant, from, until), below.map(at -> key(tenant, at)), limit);
        var next = keys.size() < limit ? Optional.<Position>empty() : Optional.of(position(keys.getLast()));
        return new Page(items.findAll(keys.stream().map(JobIndex::id).toList()), next);
    }

    private static Item range(String tenant, Instant from, Instant until) {
        return Item.empty().with(":tenant", tenant).with(":from", from).with(":until", until);
    }

    private static Item key(String tenant, Position at) {
        return Item.empty()
                .with("tenant", tenant)
                .with("createdAt", at.createdAt())
                .with("id", at.id().toString());
    }

    private static Position position(Item key) {
        return new Position(key.time("createdAt"), id(key));
    }

    private static JobId id(Item key) {
        return JobId.of(key.text("id"));
    }

    /** Jobs without a message that start by then; the earliest first, at most {@code limit}. */
    public List<Job> due(Instant until, int limit) {
        var range = Item.empty().with(":due", JobItem.DUE).with(":until", until);
        return items.findAll(items.query(JobItem.DUE, "due = :due AND notBefore <= :until", range, limit));
    }

    /** Notes that a job found by {@link #due} has its message now. Called again, it changes nothing. */
    public void queued(Job job) {
        try {
            items.update(job.id(), "REMOVE due", "due = :due", Item.empty().with(":due", JobItem.DUE));
        } catch (ConditionalCheckFailedException already) {
            // claimed or cancelled meanwhile
        }
    }
}
