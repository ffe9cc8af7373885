package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Json;
import dev.holdfast.run.Run;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;

/** How the last checks and drills of repositories ended, in the table {@code catalog}. */
public final class CheckTable {

    private final DynamoDbClient dynamo;
    private final String table;

    public CheckTable(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** By which a repository was tried. */
    public enum Kind {
        CHECK,
        DRILL
    }

    /**
     * Notes how one ended, while its job is still its run's.
     *
     * @throws Run.LostException when the job is another run's
     */
    public void note(ConditionCheck stillMine, String tenant, String repository, Kind kind, CheckRecord ended) {
        var item = Item.empty()
                .withAll(Item.of(key(tenant, repository, kind)))
                .with("ended", Json.write(ended))
                .attributes();
        Fenced.put(dynamo, stillMine, Put.builder().tableName(table).item(item).build());
    }

    /** How the last one ended, if there was one. */
    public Optional<CheckRecord> last(String tenant, String repository, Kind kind) {
        var response = dynamo.getItem(get -> get.tableName(table).key(key(tenant, repository, kind)));
        return response.hasItem()
                ? Optional.of(Json.read(Item.of(response.item()).text("ended"), CheckRecord.class))
                : Optional.empty();
    }

    private static Map<String, AttributeValue> key(String tenant, String repository, Kind kind) {
        return Item.key(
                "pk", "CHECKS#" + tenant, "sk", repository + "#" + kind.name().toLowerCase(Locale.ROOT));
    }
}
