package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import dev.holdfast.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;

/** What a job has decided once and for all its runs, in the table {@code catalog}. */
public final class Decisions {

    /** How long decisions are kept: longer than a job can be retried. */
    private static final Duration KEPT_FOR = Duration.ofDays(120);

    private final DynamoDbClient dynamo;
    private final String table;

    public Decisions(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** What the job has decided, if it has. */
    public <T> Optional<T> of(JobId job, Class<T> type) {
        var response = dynamo.getItem(get -> get.tableName(table).key(key(job)).consistentRead(true));
        return response.hasItem()
                ? Optional.of(Json.read(Item.of(response.item()).text("decision"), type))
                : Optional.empty();
    }

    /**
     * Decides, while the job is still its run's.
     *
     * @return what was decided: that, or what was decided before
     * @throws Run.LostException when the job is another run's
     */
    public <T> T decide(ConditionCheck stillMine, JobId job, T wanted, Class<T> type, Instant now) {
        var item = Item.empty()
                .withAll(Item.of(key(job)))
                .with("decision", Json.write(wanted))
                .with("ttl", now.plus(KEPT_FOR).getEpochSecond())
                .attributes();
        var put = Put.builder()
                .tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(pk)")
                .build();
        return Fenced.put(dynamo, stillMine, put) ? wanted : of(job, type).orElseThrow();
    }

    private static Map<String, AttributeValue> key(JobId job) {
        return Item.key("pk", "DECIDED#" + job, "sk", "decision");
    }
}
