package dev.holdfast.table;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** The calls that the jobs table is made of; what they mean for a job is {@link JobTable}'s business. */
final class JobItems {

    private static final Logger LOG = Logger.getLogger(JobItems.class);
    private static final Pattern ALIAS = Pattern.compile("#(\\w+)");

    /** The names in expressions, of which there are as many as there are lines that write them. */
    private static final Map<String, Map<String, String>> NAMES = new ConcurrentHashMap<>();

    /** The DynamoDB limit of one BatchGetItem. */
    private static final int BATCH = 100;

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

    /** Those of the jobs that there are and can be read, in the order of the ids; eventually consistent. */
    List<Job> findAll(List<JobId> ids) {
        return findAll(ids, false);
    }

    /** The same, strongly consistent. */
    List<Job> findAllNow(List<JobId> ids) {
        return findAll(ids, true);
    }

    private List<Job> findAll(List<JobId> ids, boolean now) {
        var found = new ArrayList<Job>();
        for (var from = 0; from < ids.size(); from += BATCH) {
            found.addAll(findBatch(ids.subList(from, Math.min(from + BATCH, ids.size())), now));
        }
        return found;
    }

    private List<Job> findBatch(List<JobId> ids, boolean now) {
        var keys = ids.stream().map(JobItems::key).toList();
        var wanted = Map.of(
                table,
                KeysAndAttributes.builder().keys(keys).consistentRead(now).build());
        var byId = dynamo.batchGetItemPaginator(get -> get.requestItems(wanted)).stream()
                .flatMap(page -> page.responses().getOrDefault(table, List.of()).stream())
                .flatMap(item -> readable(Item.of(item)).stream())
                .collect(toMap(Job::id, Function.identity()));
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                .toList();
    }

    /** One damaged job must not hide all others of a list. */
    private static Optional<Job> readable(Item item) {
        try {
            return Optional.of(JobItem.job(item));
        } catch (UnreadableJobException damaged) {
            LOG.errorf("job left out error=%s", damaged.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The keys that an index holds for a range of its sort key, behind the one given; at most {@code limit}. Eventually
     * consistent.
     *
     * @param lowestFirst or the highest
     */
    List<Item> keys(
            String index, String condition, Item values, boolean lowestFirst, Optional<Item> behind, int limit) {
        return dynamo
                .query(query -> query.tableName(table)
                        .indexName(index)
                        .keyConditionExpression(condition)
                        .expressionAttributeValues(values.attributes())
                        .scanIndexForward(lowestFirst)
                        .exclusiveStartKey(behind.map(Item::attributes).orElse(null))
                        .limit(limit))
                .items()
                .stream()
                .map(Item::of)
                .toList();
    }

    /**
     * Changes an item and returns it as it is then. In both expressions {@code #state} stands for the attribute
     * {@code state}: many good names are reserved words of DynamoDB's.
     *
     * @throws ConditionalCheckFailedException with the item that stood in the way
     */
    Job update(JobId id, String expression, String condition, Item values) {
        return JobItem.job(updated(id, expression, condition, values));
    }

    /** The same for a job that was read before, which spares reading again what never changes. */
    Job update(Job job, String expression, String condition, Item values) {
        return JobItem.job(updated(job.id(), expression, condition, values), job.spec());
    }

    private Item updated(JobId id, String expression, String condition, Item values) {
        return Item.of(dynamo.updateItem(update -> update.tableName(table)
                        .key(key(id))
                        .updateExpression(expression)
                        .conditionExpression(condition)
                        .expressionAttributeNames(names(expression + condition))
                        .expressionAttributeValues(values.attributes())
                        .returnValues(ReturnValue.ALL_NEW)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .attributes());
    }

    /** The same change as a part of a transaction. */
    TransactWriteItem updating(JobId id, String expression, String condition, Item values) {
        return TransactWriteItem.builder()
                .update(Update.builder()
                        .tableName(table)
                        .key(key(id))
                        .updateExpression(expression)
                        .conditionExpression(condition)
                        .expressionAttributeNames(names(expression + condition))
                        .expressionAttributeValues(values.attributes())
                        .build())
                .build();
    }

    /** Storing a job, whatever stands in its place, as a part of a transaction. */
    TransactWriteItem putting(Job job) {
        var put = Put.builder().tableName(table).item(JobItem.of(job).attributes());
        return TransactWriteItem.builder().put(put.build()).build();
    }

    /** All of it or nothing. */
    void transact(List<TransactWriteItem> writes) {
        dynamo.transactWriteItems(write -> write.transactItems(writes));
    }

    /** Empty maps are refused by DynamoDB, absent ones are not. */
    private static @Nullable Map<String, String> names(String expressions) {
        var names = NAMES.computeIfAbsent(expressions, JobItems::aliases);
        return names.isEmpty() ? null : names;
    }

    private static Map<String, String> aliases(String expressions) {
        return ALIAS.matcher(expressions)
                .results()
                .collect(toMap(MatchResult::group, alias -> alias.group(1), (same, again) -> same));
    }

    /** The item that stood in the way: DynamoDB sends it along; where it does not, one read fetches it. */
    Optional<Job> present(ConditionalCheckFailedException failure, JobId id) {
        return failure.hasItem() ? Optional.of(JobItem.job(Item.of(failure.item()))) : find(id);
    }
}
