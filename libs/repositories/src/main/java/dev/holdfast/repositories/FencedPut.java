package dev.holdfast.repositories;

import dev.holdfast.run.Run;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Writes a row while a job is still its run's. */
final class FencedPut {

    private FencedPut() {}

    /**
     * False when the put's own condition refused it.
     *
     * @param stillMine see {@link dev.holdfast.table.JobTable#stillMine}
     * @throws Run.LostException when the job is another run's
     */
    static boolean write(DynamoDbClient dynamo, ConditionCheck stillMine, Put put) {
        try {
            dynamo.transactWriteItems(write -> write.transactItems(
                    TransactWriteItem.builder().conditionCheck(stillMine).build(),
                    TransactWriteItem.builder().put(put).build()));
            return true;
        } catch (TransactionCanceledException cancelled) {
            List<String> reasons = cancelled.cancellationReasons().stream()
                    .map(CancellationReason::code)
                    .toList();
            if ("ConditionalCheckFailed".equals(reasons.getFirst())) throw new Run.LostException();
            if ("ConditionalCheckFailed".equals(reasons.getLast())) return false;
            throw cancelled;
        }
    }
}
