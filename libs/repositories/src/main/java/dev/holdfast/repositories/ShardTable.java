package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import dev.holdfast.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;

/** Which parts of backups are stored, in the table {@code catalog}: what has no row here does not count. */
public final class ShardTable {

    /** Longer than a backup takes. One that is retried after it has failed begins anew. */
    private static final Duration KEPT_FOR = Duration.ofDays(30);

    private final DynamoDbClient dynamo;
    private final String table;

    public ShardTable(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** What the job of a part has stored, if it has. {@code plan} names the plan of the backup that it belongs to. */
    public Optional<Shard> find(String plan, JobId job) {
        var response =
                dynamo.getItem(get -> get.tableName(table).key(key(plan, job)).consistentRead(true));
        return response.hasItem() ? Optional.of(read(response.item())) : Optional.empty();
    }

    /**
     * Decides what the job of a part has stored, while the job is still its run's.
     *
     * @param stillMine asks that of the jobs table, see {@link dev.holdfast.table.JobTable#stillMine}
     * @return what was decided: that, or what was decided before
     * @throws Run.LostException when the job is another run's
     */
    public Shard win(ConditionCheck stillMine, String plan, JobId job, Shard wanted, Instant now) {
        var put = Put.builder()
                .tableName(table)
                .item(Item.empty()
                        .withAll(Item.of(key(plan, job)))
                        .with("shard", Json.write(wanted))
                        .with("ttl", now.plus(KEPT_FOR).getEpochSecond())
                        .attributes())
                .conditionExpression("attribute_not_exists(pk)")
                .build();
        return Fenced.put(dynamo, stillMine, put) ? wanted : find(plan, job).orElseThrow();
    }

    /** All parts of a plan that are stored, in no order. */
    public List<Shard> list(String plan) {
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", partition(plan)))
                        .consistentRead(true))
                .items()
                .stream()
                .map(ShardTable::read)
                .toList();
    }

    private static Shard read(Map<String, AttributeValue> item) {
        return Json.read(Item.of(item).text("shard"), Shard.class);
    }

    private static String partition(String plan) {
        return "SHARDS#" + plan;
    }

    private static Map<String, AttributeValue> key(String plan, JobId job) {
        return Item.key("pk", partition(plan), "sk", job.toString());
    }
}
