package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Json;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** The connections of tenants, in the table {@code catalog}. */
public final class ConnectionTable {

    private final DynamoDbClient dynamo;
    private final String table;

    public ConnectionTable(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** Adds a connection; false when the name is taken. */
    public boolean add(Connection connection) {
        return put(connection, "attribute_not_exists(pk)");
    }

    /** Puts another connection in the place of one of the same name; false when there is none. */
    public boolean replace(Connection connection) {
        return put(connection, "attribute_exists(pk)");
    }

    private boolean put(Connection connection, String condition) {
        try {
            dynamo.putItem(put -> put.tableName(table)
                    .item(Item.empty()
                            .with("pk", partition(connection.tenant()))
                            .with("sk", connection.name())
                            .with("connection", Json.write(connection))
                            .attributes())
                    .conditionExpression(condition));
            return true;
        } catch (ConditionalCheckFailedException refused) {
            return false;
        }
    }

    public Optional<Connection> find(String tenant, String name) {
        var response = dynamo.getItem(get -> get.tableName(table)
                .key(Item.key("pk", partition(tenant), "sk", name))
                .consistentRead(true));
        return response.hasItem() ? Optional.of(read(Item.of(response.item()))) : Optional.empty();
    }

    /** All of a tenant's, by name. */
    public List<Connection> list(String tenant) {
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", partition(tenant)))
                        .consistentRead(true))
                .items()
                .stream()
                .map(item -> read(Item.of(item)))
                .toList();
    }

    public void delete(String tenant, String name) {
        dynamo.deleteItem(delete -> delete.tableName(table).key(Item.key("pk", partition(tenant), "sk", name)));
    }

    private static Connection read(Item item) {
        return Json.read(item.text("connection"), Connection.class);
    }

    private static String partition(String tenant) {
        return "CONNECTIONS#" + tenant;
    }
}
