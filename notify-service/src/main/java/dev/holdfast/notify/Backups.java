package dev.holdfast.notify;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult.BackedUp;
import dev.holdfast.job.Json;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Remembers the last two backups that were reported of each repository and schedule, so that a report can tell what has
 * changed, and tells the same when it is written again.
 */
@Singleton
final class Backups {

    private final DynamoDbClient dynamo;
    private final String table;

    Backups(DynamoDbClient dynamo, TableNames tables) {
        this.dynamo = dynamo;
        this.table = tables.notifications();
    }

    /** The backup before this one; empty: none was reported. */
    Optional<BackedUp> before(Job job, BackedUp result) {
        if (!(job.spec().payload() instanceof JobPayload.Backup backup)) return Optional.empty();
        var row = "backup#%s#%s#%s"
                .formatted(
                        job.tenant(), backup.repository(), job.spec().labels().getOrDefault("schedule", ""));
        var known = Item.of(dynamo.getItem(
                        get -> get.tableName(table).key(Item.key("id", row)).consistentRead(true))
                .item());
        var id = job.id().toString();
        if (known.optionalText("last").filter(id::equals).isPresent()) return result(known, "resultBefore");
        var last = result(known, "result");
        if (known.optionalTime("at").filter(at -> at.isAfter(job.updatedAt())).isPresent()) return Optional.empty();
        var item = Item.empty()
                .with("id", row)
                .with("last", id)
                .with("at", job.updatedAt())
                .with("result", Json.write(withoutPaths(result)));
        last.ifPresent(before -> item.with("resultBefore", Json.write(before)));
        dynamo.putItem(put -> put.tableName(table).item(item.attributes()));
        return last;
    }

    private static Optional<BackedUp> result(Item item, String name) {
        return item.optionalText(name).map(json -> Json.read(json, BackedUp.class));
    }

    private static BackedUp withoutPaths(BackedUp result) {
        return new BackedUp(
                result.snapshotId(),
                result.filesNew(),
                result.filesChanged(),
                result.filesUnmodified(),
                result.bytesProcessed(),
                result.bytesAdded(),
                result.bytesStored(),
                result.durationSeconds(),
                List.of());
    }
}
