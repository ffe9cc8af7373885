package dev.holdfast.tests.faults;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.resources.TableResource;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Effects that are not harmless when they happen twice: each step of a run appends a line to its job's log, in one
 * transaction with the condition that the job is still that run's. A run that lost its job and goes on leaves a line
 * that the checker finds.
 */
final class EffectLog {

    static final String TABLE = "effects";

    private final DynamoDbClient dynamo;
    private final String table;
    private final JobTable jobs;

    EffectLog(DynamoDbClient dynamo, String prefix, JobTable jobs) {
        this.dynamo = dynamo;
        this.table = prefix + TABLE;
        this.jobs = jobs;
    }

    /** A step that was done under a fence. */
    record Entry(int step, long fence) {}

    void provision() {
        new TableResource(dynamo, table, "id", Optional.empty(), List.of()).provision();
    }

    static List<Entry> entries(Item item) {
        return item.texts("log").stream()
                .map(line -> line.split("@", 2))
                .map(parts -> new Entry(Integer.parseInt(parts[0]), Long.parseLong(parts[1])))
                .toList();
    }

    /**
     * Does a step for this run.
     *
     * @throws Run.LostException when the job is another run's by now; then nothing is written
     */
    void append(Job run, int step) {
        var update = Update.builder()
                .tableName(table)
                .key(Item.key("id", run.id().toString()))
                .updateExpression("SET #log = list_append(if_not_exists(#log, :none), :line)")
                .expressionAttributeNames(Map.of("#log", "log"))
                .expressionAttributeValues(Item.empty()
                        .with(":none", List.of())
                        .with(":line", List.of(step + "@" + run.fence()))
                        .attributes())
                .build();
        try {
            dynamo.transactWriteItems(write -> write.transactItems(
                    TransactWriteItem.builder()
                            .conditionCheck(jobs.stillMine(run))
                            .build(),
                    TransactWriteItem.builder().update(update).build()));
        } catch (TransactionCanceledException cancelled) {
            if ("ConditionalCheckFailed"
                    .equals(cancelled.cancellationReasons().getFirst().code())) throw new Run.LostException();
            throw cancelled;
        }
    }
}
