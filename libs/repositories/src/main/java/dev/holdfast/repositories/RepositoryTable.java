package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The repositories of tenants, in the table {@code catalog}. A row is there before the repository, so that nobody else
 * makes one at the same place; it counts once the repository is made.
 */
public final class RepositoryTable {

    /** After this, somebody who makes a repository is taken for dead. */
    private static final Duration MAKING = Duration.ofMinutes(2);

    private final DynamoDbClient dynamo;
    private final String table;

    public RepositoryTable(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** Claims the name for a repository that is about to be made; false when it is taken. */
    boolean begin(StoredRepository repository, Instant now) {
        try {
            dynamo.putItem(put -> put.tableName(table)
                    .item(Item.empty()
                            .with("pk", partition(repository.tenant()))
                            .with("sk", repository.name())
                            .with("repository", Json.write(repository))
                            .with("making", now.plus(MAKING))
                            .attributes())
                    .conditionExpression("attribute_not_exists(pk) OR making < :now")
                    .expressionAttributeValues(Item.empty().with(":now", now).attributes()));
            return true;
        } catch (ConditionalCheckFailedException taken) {
            return false;
        }
    }

    /** The repository is made; false when another one has taken its place meanwhile. */
    boolean finish(StoredRepository repository) {
        return endMaking(() -> dynamo.updateItem(update -> update.tableName(table)
                .key(key(repository.tenant(), repository.name()))
                .updateExpression("REMOVE making")
                .conditionExpression("repository = :mine")
                .expressionAttributeValues(Item.key(":mine", Json.write(repository)))));
    }

    /** The repository cannot be made; its name is free again. */
    void abandon(StoredRepository repository) {
        endMaking(() -> dynamo.deleteItem(delete -> delete.tableName(table)
                .key(key(repository.tenant(), repository.name()))
                .conditionExpression("repository = :mine AND attribute_exists(making)")
                .expressionAttributeValues(Item.key(":mine", Json.write(repository)))));
    }

    private static boolean endMaking(Runnable write) {
        try {
            write.run();
            return true;
        } catch (ConditionalCheckFailedException another) {
            return false;
        }
    }

    /** The tenant's repository of that name. */
    public Optional<StoredRepository> find(String tenant, String name) {
        var response = dynamo.getItem(
                get -> get.tableName(table).key(key(tenant, name)).consistentRead(true));
        return response.hasItem() ? made(Item.of(response.item())) : Optional.empty();
    }

    /** All of a tenant's, by name. */
    public List<StoredRepository> list(String tenant) {
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", partition(tenant)))
                        .consistentRead(true))
                .items()
                .stream()
                .flatMap(item -> made(Item.of(item)).stream())
                .toList();
    }

    private static Optional<StoredRepository> made(Item item) {
        return item.has("making")
                ? Optional.empty()
                : Optional.of(Json.read(item.text("repository"), StoredRepository.class));
    }

    static Map<String, AttributeValue> key(String tenant, String name) {
        return Item.key("pk", partition(tenant), "sk", name);
    }

    private static String partition(String tenant) {
        return "REPOSITORIES#" + tenant;
    }
}
