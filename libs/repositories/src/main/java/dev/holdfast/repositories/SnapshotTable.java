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

/** The snapshots of repositories, in the table {@code catalog}. */
public final class SnapshotTable {

    /** How long the sealed bytes of a backup are kept: longer than its job can be retried. */
    private static final Duration SEALED_FOR = Duration.ofDays(120);

    private final DynamoDbClient dynamo;
    private final String table;

    public SnapshotTable(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** How the backup of that job ends, if that has been decided. */
    public Optional<SealedBackup> sealed(JobId job) {
        var response =
                dynamo.getItem(get -> get.tableName(table).key(sealedKey(job)).consistentRead(true));
        return response.hasItem()
                ? Optional.of(Json.read(Item.of(response.item()).text("sealed"), SealedBackup.class))
                : Optional.empty();
    }

    /**
     * Decides how the backup of a job ends, while the job is still its run's.
     *
     * @param stillMine asks that of the jobs table, see {@link dev.holdfast.table.JobTable#stillMine}
     * @return what was decided: that, or what was decided before
     * @throws Run.LostException when the job is another run's
     */
    public SealedBackup seal(ConditionCheck stillMine, JobId job, SealedBackup wanted, Instant now) {
        var put = Put.builder()
                .tableName(table)
                .item(Item.empty()
                        .withAll(Item.of(sealedKey(job)))
                        .with("sealed", Json.write(wanted))
                        .with("ttl", now.plus(SEALED_FOR).getEpochSecond())
                        .attributes())
                .conditionExpression("attribute_not_exists(pk)")
                .build();
        return FencedPut.write(dynamo, stillMine, put) ? wanted : sealed(job).orElseThrow();
    }

    /**
     * Adds a snapshot while the job that makes it is still its run's. Adding it again changes nothing.
     *
     * @throws Run.LostException when the job is another run's
     */
    public void add(ConditionCheck stillMine, String tenant, String repository, Snapshot snapshot) {
        FencedPut.write(dynamo, stillMine, put(tenant, repository, snapshot));
    }

    private Put put(String tenant, String repository, Snapshot snapshot) {
        return Put.builder()
                .tableName(table)
                .item(Item.empty()
                        .with("pk", partition(tenant, repository))
                        .with("sk", snapshot.time() + "#" + snapshot.id())
                        .with("snapshot", Json.write(snapshot))
                        .attributes())
                .build();
    }

    /** All snapshots of a repository, newest first. */
    public List<Snapshot> list(String tenant, String repository, int limit) {
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", partition(tenant, repository)))
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
        if (idPrefix.equals("latest")) return list(tenant, repository, 1);
        return list(tenant, repository, Integer.MAX_VALUE).stream()
                .filter(snapshot -> snapshot.id().startsWith(idPrefix))
                .toList();
    }

    private static String partition(String tenant, String repository) {
        return "SNAPSHOTS#" + tenant + "#" + repository;
    }

    private static Map<String, AttributeValue> sealedKey(JobId job) {
        return Item.key("pk", "SEALED#" + job, "sk", "snapshot");
    }
}
