package dev.holdfast.table;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** The calls that the jobs table is made of; what they mean for a job is {@link JobTable}'s business. */
final class JobItems {

    private static final Pattern ALIAS = Pattern.compile("#(\\w+)");

    private final DynamoDbClient dynamo;
    private final String table;

    JobItems(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    String table() {
        return table;
    }

    static Map<String, AttributeValue> key(JobId id) {
        return Item.key("id", id.toString());
    }

    /** Stores the job; or returns the one that has its id already, and changes nothing. */
    Optional<Job> putIfAbsent(Job job) {
        try {
            dynamo.putItem(put -> put.tableName(table)
                    .item(JobItem.of(job).attributes())
                    .conditionExpression("attribute_not_exists(id)")
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return Optional.empty();
        } catch (ConditionalCheckFailedException taken) {
            return Optional.of(present(taken, job.id()).orElseThrow(() -> taken));
        }
    }

    /** Strongly consistent. */
    Optional<Job> find(JobId id) {
        var response = dynamo.getItem(get -> get.tableName(table).key(key(id)).consistentRead(true));
        return response.hasItem() ? Optional.of(JobItem.job(Item.of(response.item()))) : Optional.empty();
    }

    /**
     * Changes an item and returns it as it is then. In both expressions {@code #state} stands for the attribute
     * {@code state}: many good names are reserved words of DynamoDB's.
     *
     * @throws ConditionalCheckFailedException with the item that stood in the way
     */
    Job update(JobId id, String expression, String condition, Item values) {
        var names = ALIAS.matcher(expression + condition)
                .results()
                .collect(toMap(MatchResult::group, alias -> alias.group(1), (same, again) -> same));
        var item = dynamo.updateItem(update -> update.tableName(table)
                        .key(key(id))
                        .updateExpression(expression)
                        .conditionExpression(condition)
                        .expressionAttributeNames(names)
                        .expressionAttributeValues(values.attributes())
                        .returnValues(ReturnValue.ALL_NEW)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .attributes();
        return JobItem.job(Item.of(item));
    }

    /** The item that stood in the way: DynamoDB sends it along; where it does not, one read fetches it. */
    Optional<Job> present(ConditionalCheckFailedException failure, JobId id) {
        return failure.hasItem() ? Optional.of(JobItem.job(Item.of(failure.item()))) : find(id);
    }
}
