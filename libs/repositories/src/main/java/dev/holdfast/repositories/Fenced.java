package dev.holdfast.repositories;

import dev.holdfast.run.Run;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Writes to the catalogue that only the run may make whose job it still is. */
final class Fenced {

    private Fenced() {}

    /**
     * Puts one row; see {@link #write}.
     *
     * @return false when the put's own condition refused it
     */
    static boolean put(DynamoDbClient dynamo, ConditionCheck stillMine, Put put) {
        return write(
                dynamo, stillMine, List.of(TransactWriteItem.builder().put(put).build()));
    }

    /**
     * Writes all of it or nothing.
     *
     * @param stillMine see {@link dev.holdfast.table.JobTable#stillMine}
     * @param writes at most 99: DynamoDB's 100 actions of a transaction, less the question
     * @return false when the condition of one of them refused it
     * @throws Run.LostException when the job is another run's
     */
    static boolean write(DynamoDbClient dynamo, ConditionCheck stillMine, List<TransactWriteItem> writes) {
        var all = new ArrayList<TransactWriteItem>();
        all.add(TransactWriteItem.builder().conditionCheck(stillMine).build());
        all.addAll(writes);
        try {
            dynamo.transactWriteItems(write -> write.transactItems(all));
            return true;
        } catch (TransactionCanceledException cancelled) {
            var refused = cancelled.cancellationReasons().stream()
                    .map(CancellationReason::code)
                    .map("ConditionalCheckFailed"::equals)
                    .toList();
            if (refused.getFirst()) throw new Run.LostException();
            if (refused.contains(true)) return false;
            throw cancelled;
        }
    }
}
