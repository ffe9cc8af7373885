package dev.holdfast.repositories;

import dev.holdfast.run.Run;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Writes to the catalogue that only the run may make whose job it still is. */
final class Fenced {

    private Fenced() {}

    /**
     * Writes all of it or nothing.
     *
     * @param writes the first one asks whether the job is still the run's, see
     *     {@link dev.holdfast.table.JobTable#stillMine}
     * @return false when the condition of another one refused it
     * @throws Run.LostException when the job is another run's
     */
    static boolean write(DynamoDbClient dynamo, List<TransactWriteItem> writes) {
        try {
            dynamo.transactWriteItems(write -> write.transactItems(writes));
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
