package dev.holdfast.table;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobState;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Writes the end of a job; that of a child together with its parent's count of those that are still at work. */
final class JobEnds {

    /** Siblings that end together contend for their parent's item. */
    private static final int TRIES = 12;

    /** The order of the transaction, in which DynamoDB also tells why it cancelled one. */
    private static final int CHILD = 0;

    private static final int PARENT = 1;

    private final JobItems items;
    private final RandomGenerator random;

    JobEnds(JobItems items, RandomGenerator random) {
        this.items = items;
        this.random = random;
    }

    /** Ends the job if the condition holds; empty when it does not, and nothing was written. */
    Optional<Job> write(Job job, JobState state, String expression, String condition, Item values) {
        return job.parent().isEmpty()
                ? alone(job, state, expression, condition, values)
                : withParent(job, state, expression, condition, values);
    }

    private Optional<Job> alone(Job job, JobState state, String expression, String condition, Item values) {
        try {
            return Optional.of(items.update(job, expression, condition, values));
        } catch (ConditionalCheckFailedException refused) {
            return items.present(refused, job.id()).filter(present -> isOwn(present, job, state));
        }
    }

    /** The SDK repeats a call whose answer got lost: what stands under this run's fence, this run has written. */
    private static boolean isOwn(Job present, Job job, JobState state) {
        return present.fence() == job.fence() && present.state() == state;
    }

    private Optional<Job> withParent(Job job, JobState state, String expression, String condition, Item values) {
        var counted = Item.empty()
                .with(":waiting", JobState.WAITING.name())
                .with(":one", 1)
                .with(":now", values.time(":now"))
                .with(":failed", state == JobState.SUCCEEDED ? 0 : 1);
        var both = List.of(
                items.updating(job.id(), expression, condition, values),
                items.updating(
                        job.parent().orElseThrow(),
                        "SET outstanding = outstanding - :one, childrenFailed = childrenFailed + :failed,"
                                + " childEndedAt = :now",
                        "#state = :waiting",
                        counted));
        for (var attempt = 1; ; attempt++) {
            try {
                items.transact(both);
                return items.find(job.id());
            } catch (TransactionCanceledException cancelled) {
                if (failed(cancelled, CHILD)) {
                    return items.find(job.id()).filter(present -> isOwn(present, job, state));
                }
                if (failed(cancelled, PARENT)) return alone(job, state, expression, condition, values);
                if (attempt == TRIES) throw cancelled;
                pause(attempt);
            }
        }
    }

    private static boolean failed(TransactionCanceledException cancelled, int part) {
        return "ConditionalCheckFailed"
                .equals(cancelled.cancellationReasons().get(part).code());
    }

    private void pause(int attempt) {
        try {
            Thread.sleep(random.nextLong(5, 20L * attempt));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt(); // seen by whoever waits next; the end is written all the same
        }
    }
}
