package dev.holdfast.table;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Finds jobs by time: by their acceptance, and by their start. Answers lag a moment behind the table. */
public final class JobIndex {

    static final String BY_TENANT = "tenant-createdAt";

    private final JobItems items;

    public JobIndex(DynamoDbClient dynamo, String name) {
        this.items = new JobItems(dynamo, name);
    }

    /** Jobs of a tenant that were accepted in that time, both ends included; oldest first, at most {@code limit}. */
    public List<Job> accepted(String tenant, Instant from, Instant until, int limit) {
        var range = Item.empty().with(":tenant", tenant).with(":from", from).with(":until", until);
        return items.findAll(
                items.query(BY_TENANT, "tenant = :tenant AND createdAt BETWEEN :from AND :until", range, limit));
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
