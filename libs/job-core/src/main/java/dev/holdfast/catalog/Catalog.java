package dev.holdfast.catalog;

import dev.holdfast.resources.TableResource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The table {@code catalog}. Everything in it belongs to a tenant, whose name begins every key. */
public final class Catalog {

    private Catalog() {}

    /** The table's shape. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(dynamo, name, "pk", Optional.of("sk"), List.of());
    }
}
