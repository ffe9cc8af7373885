package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import dev.holdfast.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** The snapshots of repositories, in the table {@code catalog}. */
public final class SnapshotTable {

    /** How long the sealed bytes of a backup are kept: longer than its job can be retried. */
    private static final Duration SEALED_FOR = Duration.ofDays(120);

    /** DynamoDB's limit on a transaction is 100. */
    private static final int AT_ONCE = 99;

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
        return Fenced.put(dynamo, stillMine, put) ? wanted : sealed(job).orElseThrow();
    }

    /**
     * Takes back how the backup of a job ends, while the job is still its run's. Done again it changes nothing.
     *
     * @throws Run.LostException when the job is another run's
     */
    public void unseal(ConditionCheck stillMine, JobId job) {
        var delete = TransactWriteItem.builder()
                .delete(row -> row.tableName(table).key(sealedKey(job)))
                .build();
        Fenced.write(dynamo, stillMine, List.of(delete));
    }

    /**
     * Adds a snapshot while the job that makes it is still its run's. Adding it again changes nothing.
     *
     * @throws Run.LostException when the job is another run's
     */
    public void add(ConditionCheck stillMine, String tenant, String repository, Snapshot snapshot) {
        Fenced.put(dynamo, stillMine, put(tenant, repository, snapshot));
    }

    /**
     * Removes snapshots that are no more, while the job that found so is still its run's. Removing them again changes
     * nothing.
     *
     * @throws Run.LostException when the job is another run's
     */
    public void remove(ConditionCheck stillMine, String tenant, String repository, List<Snapshot> gone) {
        for (var from = 0; from < gone.size(); from += AT_ONCE) {
            var writes = new ArrayList<TransactWriteItem>();
            for (var snapshot : gone.subList(from, Math.min(gone.size(), from + AT_ONCE))) {
                var key = Item.key("pk", partition(tenant, repository), "sk", sortKey(snapshot));
                writes.add(TransactWriteItem.builder()
                        .delete(delete -> delete.tableName(table).key(key))
                        .build());
            }
            Fenced.write(dynamo, stillMine, writes);
        }
    }

    private static String sortKey(Snapshot snapshot) {
        return snapshot.time() + "#" + snapshot.id();
    }

    /** The same, unless it is there. */
    public void addIfAbsent(ConditionCheck stillMine, String tenant, String repository, Snapshot snapshot) {
        var put = put(tenant, repository, snapshot).toBuilder().conditionExpression("attribute_not_exists(pk)");
        Fenced.put(dynamo, stillMine, put.build());
    }

    private Put put(String tenant, String repository, Snapshot snapshot) {
        return Put.builder()
                .tableName(table)
                .item(Item.empty()
                        .with("pk", partition(tenant, repository))
                        .with("sk", sortKey(snapshot))
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
