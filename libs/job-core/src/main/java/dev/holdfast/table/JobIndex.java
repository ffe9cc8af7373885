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

    /** A place in a list of jobs by time: just behind this one. */
    public record Position(Instant at, JobId id) {}

    /**
     * Some jobs of a list. One that cannot be read is not among them, so that a page may be short though there are
     * more.
     *
     * @param next where the jobs after them begin; empty: there are none
     */
    public record Page(List<Job> jobs, Optional<Position> next) {}

    /**
     * Jobs of a tenant that were accepted in that time, both ends included; oldest first.
     *
     * @param behind where the page before ended; must lie within that time
     * @param limit jobs that are looked at, from 1
     */
    public Page accepted(String tenant, Instant from, Instant until, Optional<Position> behind, int limit) {
        return ofTenant(tenant, from, until, true, behind, limit);
    }

    /** The same, newest first. */
    public Page newest(String tenant, Instant from, Instant until, Optional<Position> behind, int limit) {
        return ofTenant(tenant, from, until, false, behind, limit);
    }

    private Page ofTenant(
            String tenant, Instant from, Instant until, boolean oldestFirst, Optional<Position> behind, int limit) {
        var range = Item.empty().with(":tenant", tenant).with(":from", from).with(":until", until);
        var start = behind.map(position -> key(position, "createdAt").with("tenant", tenant));
        return page(items.keys(BY_TENANT, ACCEPTED, range, oldestFirst, start, limit), "createdAt", limit);
    }

    /** Jobs without a message that start by then; the earliest first, as above. */
    public Page due(Instant until, Optional<Position> behind, int limit) {
        var range = Item.empty().with(":due", JobItem.DUE).with(":until", until);
        var start = behind.map(position -> key(position, "notBefore").with(JobItem.DUE, JobItem.DUE));
        var keys = items.keys(JobItem.DUE, "due = :due AND notBefore <= :until", range, true, start, limit);
        return page(keys, "notBefore", limit);
    }

    private Page page(List<Item> keys, String time, int limit) {
        var jobs = items.findAll(keys.stream().map(JobIndex::id).toList());
        return new Page(
                jobs,
                keys.size() < limit
                        ? Optional.empty()
                        : Optional.of(new Position(keys.getLast().time(time), id(keys.getLast()))));
    }

    private static Item key(Position position, String time) {
        return Item.empty().with(time, position.at()).with("id", position.id().toString());
    }

    private static JobId id(Item key) {
        return JobId.of(key.text("id"));
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
