package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import dev.holdfast.run.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** The prunes that are under way, at most one of each repository, in the table {@code catalog}. */
public final class PruneTable {

    private final DynamoDbClient dynamo;
    private final String table;

    public PruneTable(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** The prune of a repository that is under way, or was given up. */
    public Optional<Pruning> find(String tenant, String repository) {
        var response = dynamo.getItem(
                get -> get.tableName(table).key(key(tenant, repository)).consistentRead(true));
        return response.hasItem()
                ? Optional.of(Json.read(Item.of(response.item()).text("pruning"), Pruning.class))
                : Optional.empty();
    }

    /**
     * Notes how far a prune has come, while its job is still its run's.
     *
     * @param before in whose place; without one there must be none
     * @return false when another one is there
     * @throws Run.LostException when the job is another run's
     */
    public boolean put(
            ConditionCheck stillMine, String tenant, String repository, Optional<Pruning> before, Pruning now) {
        var item = Item.empty()
                .withAll(Item.of(key(tenant, repository)))
                .with("job", now.job().toString())
                .with("pruning", Json.write(now))
                .attributes();
        var put = Put.builder().tableName(table).item(item).conditionExpression("attribute_not_exists(pk)");
        before.ifPresent(there -> put.conditionExpression("job = :there")
                .expressionAttributeValues(Item.key(":there", there.job().toString())));
        return Fenced.put(dynamo, stillMine, put.build());
    }

    /**
     * Notes that a prune has ended, while its job is still its run's.
     *
     * @throws Run.LostException when the job is another run's
     */
    public void remove(ConditionCheck stillMine, String tenant, String repository, JobId job) {
        Fenced.write(
                dynamo,
                stillMine,
                List.of(TransactWriteItem.builder()
                        .delete(delete -> delete.tableName(table)
                                .key(key(tenant, repository))
                                .conditionExpression("attribute_not_exists(pk) OR job = :job")
                                .expressionAttributeValues(Item.key(":job", job.toString())))
                        .build()));
    }

    private static Map<String, AttributeValue> key(String tenant, String repository) {
        return Item.key("pk", "PRUNES#" + tenant, "sk", repository);
    }
}
