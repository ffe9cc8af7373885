package dev.holdfast.catalog;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Json;
import dev.holdfast.resources.TableResource;
import dev.holdfast.run.Run;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The table {@code catalog}. Everything in it belongs to a tenant, whose name begins every key. */
public final class Catalog {

    private final DynamoDbClient dynamo;
    private final String name;

    public Catalog(DynamoDbClient dynamo, String name) {
        this.dynamo = dynamo;
        this.name = name;
    }

    /** The table's shape. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(dynamo, name, "pk", Optional.of("sk"), List.of());
    }

    /** Makes a repository known; does nothing if it is. */
    public void addRepository(String tenant, String repository, Instant now) {
        dynamo.putItem(put -> put.tableName(name)
                .item(Item.empty()
                        .with("pk", repositories(tenant))
                        .with("sk", repository)
                        .with("created_at", now.toString())
                        .attributes()));
    }

    public boolean hasRepository(String tenant, String repository) {
        return dynamo.getItem(get -> get.tableName(name)
                        .key(Item.key("pk", repositories(tenant), "sk", repository))
                        .consistentRead(true))
                .hasItem();
    }

    /**
     * Adds a snapshot while the job that makes it is still its run's. Adding it again changes nothing.
     *
     * @param stillMine asks that of the jobs table, see {@link dev.holdfast.table.JobTable#stillMine}
     * @throws Run.LostException when it is not
     */
    public void addSnapshot(ConditionCheck stillMine, String tenant, String repository, Snapshot snapshot) {
        var put = Put.builder()
                .tableName(name)
                .item(Item.empty()
                        .with("pk", snapshots(tenant, repository))
                        .with("sk", snapshot.time() + "#" + snapshot.id())
                        .with("snapshot", Json.write(snapshot))
                        .attributes())
                .build();
        try {
            dynamo.transactWriteItems(write -> write.transactItems(
                    TransactWriteItem.builder().conditionCheck(stillMine).build(),
                    TransactWriteItem.builder().put(put).build()));
        } catch (TransactionCanceledException cancelled) {
            var job = cancelled.cancellationReasons().getFirst();
            if ("ConditionalCheckFailed".equals(job.code())) throw new Run.LostException();
            throw cancelled;
        }
    }

    /** All snapshots of a repository, newest first. */
    public List<Snapshot> snapshots(String tenant, String repository, int limit) {
        return dynamo
                .queryPaginator(query -> query.tableName(name)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", snapshots(tenant, repository)))
                        .scanIndexForward(false)
                        .consistentRead(true))
                .items()
                .stream()
                .limit(limit)
                .map(item -> Json.read(Item.of(item).text("snapshot"), Snapshot.class))
                .toList();
    }

    /** The snapshots whose id begins so; {@code latest} means the newest. One is found, several are ambiguous. */
    public List<Snapshot> matching(String tenant, String repository, String idPrefix) {
        if (idPrefix.equals("latest")) return snapshots(tenant, repository, 1);
        return snapshots(tenant, repository, Integer.MAX_VALUE).stream()
                .filter(snapshot -> snapshot.id().startsWith(idPrefix))
                .toList();
    }

    private static String repositories(String tenant) {
        return "REPOSITORIES#" + tenant;
    }

    private static String snapshots(String tenant, String repository) {
        return "SNAPSHOTS#" + tenant + "#" + repository;
    }
}
