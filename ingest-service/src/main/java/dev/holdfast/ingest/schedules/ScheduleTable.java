package dev.holdfast.ingest.schedules;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import dev.holdfast.resources.TableResource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The table {@code schedules}. Every write raises the revision of the schedule, and holds only if the writer has seen
 * the revision before: of several processes that do the same, one does it.
 */
@Singleton
public final class ScheduleTable {

    private static final String BY_TENANT = "tenant-createdAt";

    /** The DynamoDB limit of one BatchGetItem. */
    private static final int BATCH = 100;

    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private final DynamoDbClient dynamo;
    private final String table;

    ScheduleTable(DynamoDbClient dynamo, TableNames tables) {
        this.dynamo = dynamo;
        this.table = tables.schedules();
    }

    /** The table's shape. One index serves listing; the others find what is due, and what success is expected of. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(
                dynamo,
                name,
                "id",
                Optional.empty(),
                List.of(
                        new TableResource.Index(BY_TENANT, "tenant", "createdAt"),
                        new TableResource.Index(ScheduleItem.DUE, ScheduleItem.DUE, "nextFireAt"),
                        new TableResource.Index(ScheduleItem.WATCHED, ScheduleItem.WATCHED, "expectedBy")));
    }

    /** Schedules, and whether there are more behind the last of them. */
    record Page(List<Schedule> schedules, Optional<ListRequest.Position> next) {}

    /** Stores a new schedule; or returns the one that has its id already, and changes nothing. */
    Optional<Schedule> add(Schedule schedule) {
        try {
            dynamo.putItem(put -> put.tableName(table)
                    .item(ScheduleItem.of(schedule).attributes())
                    .conditionExpression("attribute_not_exists(id)")
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return Optional.empty();
        } catch (ConditionalCheckFailedException taken) {
            var present =
                    taken.hasItem() ? Optional.of(ScheduleItem.schedule(Item.of(taken.item()))) : find(schedule.id());
            return Optional.of(present.orElseThrow(() -> taken));
        }
    }

    /** Strongly consistent. */
    Optional<Schedule> find(String id) {
        var response = dynamo.getItem(
                get -> get.tableName(table).key(Item.key("id", id)).consistentRead(true));
        return response.hasItem() ? Optional.of(ScheduleItem.schedule(Item.of(response.item()))) : Optional.empty();
    }

    /** Writes a schedule in the place of the revision before it; false when that is no longer there. */
    boolean replace(Schedule before, Schedule after) {
        return ifSeen(() -> dynamo.putItem(put -> put.tableName(table)
                .item(ScheduleItem.of(after).attributes())
                .conditionExpression("revision = :seen")
                .expressionAttributeValues(seen(before).attributes())));
    }

    /** The same for one that differs only in what a tick changes, without sending its task along. */
    boolean move(Schedule before, Schedule after) {
        var values =
                seen(before).with(":next", after.nextFireAt().orElseThrow()).with(":revision", after.revision());
        var fired = after.lastFireAt().isPresent() && after.lastJob().isPresent();
        values.withTime(":at", after.lastFireAt());
        after.lastJob().ifPresent(job -> values.with(":job", job.toString()));
        return update(
                after.id(),
                "SET nextFireAt = :next, revision = :revision" + (fired ? ", lastFireAt = :at, lastJob = :job" : ""),
                "revision = :seen",
                values);
    }

    /** Notes that a schedule was run by hand; unless it is gone by now. */
    void ran(Schedule schedule, JobId job, Instant at) {
        var values = Item.empty().with(":at", at).with(":job", job.toString()).with(":one", 1);
        update(
                schedule.id(),
                "SET lastFireAt = :at, lastJob = :job, revision = revision + :one",
                "attribute_exists(id)",
                values);
    }

    /** Notes until when success is expected, and whether it is overdue. */
    boolean expect(Schedule before, Instant by, boolean overdue) {
        var values = seen(before).with(":by", by).with(":revision", before.revision() + 1);
        if (overdue) values.with(":overdue", 1);
        return update(
                before.id(),
                "SET expectedBy = :by, revision = :revision" + (overdue ? ", overdue = :overdue" : " REMOVE overdue"),
                "revision = :seen",
                values);
    }

    /** False when there was none. */
    boolean delete(String id) {
        return ifSeen(() -> dynamo.deleteItem(
                delete -> delete.tableName(table).key(Item.key("id", id)).conditionExpression("attribute_exists(id)")));
    }

    /** A tenant's schedules, newest first, from below the position that an earlier page ended at. */
    Page newest(String tenant, ListRequest request) {
        var found = dynamo
                .query(query -> {
                    query.tableName(table)
                            .indexName(BY_TENANT)
                            .keyConditionExpression("tenant = :tenant")
                            .expressionAttributeValues(Item.key(":tenant", tenant))
                            .scanIndexForward(false)
                            .limit(request.limit() + 1);
                    request.below().ifPresent(below -> query.exclusiveStartKey(key(tenant, below)));
                })
                .items()
                .stream()
                .map(Item::of)
                .toList();
        var shown = found.subList(0, Math.min(request.limit(), found.size()));
        var next = found.size() > shown.size()
                ? Optional.of(new ListRequest.Position(
                        shown.getLast().number("createdAt"), shown.getLast().text("id")))
                : Optional.<ListRequest.Position>empty();
        return new Page(findAll(shown.stream().map(item -> item.text("id")).toList()), next);
    }

    private static Map<String, AttributeValue> key(String tenant, ListRequest.Position position) {
        return Item.empty()
                .with("id", position.id())
                .with("tenant", tenant)
                .with("createdAt", position.createdAtMillis())
                .attributes();
    }

    /** The ids of schedules with a tick by then, the earliest first; a moment behind the table. */
    List<String> due(Instant until, int limit) {
        return ids(ScheduleItem.DUE, "due = :index AND nextFireAt <= :until", until, limit);
    }

    /** Those that are not paused; a moment behind the table. */
    List<Schedule> active() {
        return findAll(due(END_OF_TIME, Integer.MAX_VALUE));
    }

    /** Those of which success was expected by then; a moment behind the table. */
    List<Schedule> expected(Instant until) {
        return findAll(
                ids(ScheduleItem.WATCHED, "watched = :index AND expectedBy <= :until", until, Integer.MAX_VALUE));
    }

    private List<String> ids(String index, String condition, Instant until, int limit) {
        var values = Item.empty().with(":index", index).with(":until", until);
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .indexName(index)
                        .keyConditionExpression(condition)
                        .expressionAttributeValues(values.attributes()))
                .items()
                .stream()
                .limit(limit)
                .map(item -> Item.of(item).text("id"))
                .toList();
    }

    /** Those that there are, in the order of their ids. */
    private List<Schedule> findAll(List<String> ids) {
        var byId = new HashMap<String, Schedule>();
        for (var from = 0; from < ids.size(); from += BATCH) {
            var keys = ids.subList(from, Math.min(from + BATCH, ids.size())).stream()
                    .map(id -> Item.key("id", id))
                    .toList();
            var wanted = Map.of(
                    table,
                    KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
            dynamo.batchGetItemPaginator(get -> get.requestItems(wanted)).stream()
                    .flatMap(page -> page.responses().getOrDefault(table, List.of()).stream())
                    .map(item -> ScheduleItem.schedule(Item.of(item)))
                    .forEach(schedule -> byId.put(schedule.id(), schedule));
        }
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                .toList();
    }

    private boolean update(String id, String expression, String condition, Item values) {
        return ifSeen(() -> dynamo.updateItem(update -> update.tableName(table)
                .key(Item.key("id", id))
                .updateExpression(expression)
                .conditionExpression(condition)
                .expressionAttributeValues(values.attributes())));
    }

    private static Item seen(Schedule before) {
        return Item.empty().with(":seen", before.revision());
    }

    private static boolean ifSeen(Runnable write) {
        try {
            write.run();
            return true;
        } catch (ConditionalCheckFailedException changedMeanwhile) {
            return false;
        }
    }
}
