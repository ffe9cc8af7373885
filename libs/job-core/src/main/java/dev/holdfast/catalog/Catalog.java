package dev.holdfast.catalog;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Json;
import dev.holdfast.resources.TableResource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The table {@code catalog}. Everything in it belongs to a tenant, whose name begins every key. */
public final class Catalog {

    /** How long an upload can be used after its URL has ended. */
    private static final Duration UPLOAD_RETENTION = Duration.ofDays(7);

    private final DynamoDbClient dynamo;
    private final String name;

    public Catalog(DynamoDbClient dynamo, String name) {
        this.dynamo = dynamo;
        this.name = name;
    }

    /** The table's shape. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(dynamo, name, "pk", Optional.of("sk"), List.of());
    }

    /** Notes a new upload. */
    public void addUpload(Upload upload) {
        dynamo.putItem(put -> put.tableName(name)
                .item(Item.empty()
                        .with("pk", uploads(upload.tenant()))
                        .with("sk", upload.id())
                        .with("upload", Json.write(upload))
                        .with("ttl", upload.expiresAt().plus(UPLOAD_RETENTION).getEpochSecond())
                        .attributes()));
    }

    /** The tenant's upload of that id. */
    public Optional<Upload> upload(String tenant, String id) {
        var response = dynamo.getItem(get -> get.tableName(name)
                .key(Item.key("pk", uploads(tenant), "sk", id))
                .consistentRead(true));
        return response.hasItem()
                ? Optional.of(Json.read(Item.of(response.item()).text("upload"), Upload.class))
                : Optional.empty();
    }

    private static String uploads(String tenant) {
        return "UPLOADS#" + tenant;
    }
}
