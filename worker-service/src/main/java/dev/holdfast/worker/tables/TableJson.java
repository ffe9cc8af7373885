package dev.holdfast.worker.tables;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.job.Json;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** What makes a table again: the input of {@code aws dynamodb create-table --cli-input-json}. */
final class TableJson {

    private final TableDescription table;
    private final boolean provisioned;
    private final ObjectNode json = Json.mapper().createObjectNode();

    private TableJson(TableDescription table) {
        this.table = table;
        this.provisioned = table.billingModeSummary() == null
                || table.billingModeSummary().billingMode() != BillingMode.PAY_PER_REQUEST;
    }

    static String of(TableDescription table) {
        return new TableJson(table).write();
    }

    private String write() {
        json.put("TableName", table.tableName());
        var attributes = json.putArray("AttributeDefinitions");
        for (var attribute : table.attributeDefinitions()) {
            attributes
                    .addObject()
                    .put("AttributeName", attribute.attributeName())
                    .put("AttributeType", attribute.attributeTypeAsString());
        }
        key(json, table.keySchema());
        json.put("BillingMode", provisioned ? "PROVISIONED" : "PAY_PER_REQUEST");
        throughput(json, table.provisionedThroughput());
        indexes();
        var stream = table.streamSpecification();
        if (stream != null && Boolean.TRUE.equals(stream.streamEnabled())) {
            json.putObject("StreamSpecification")
                    .put("StreamEnabled", true)
                    .put("StreamViewType", stream.streamViewTypeAsString());
        }
        var encryption = table.sseDescription();
        if (encryption != null && encryption.kmsMasterKeyArn() != null) {
            json.putObject("SSESpecification")
                    .put("Enabled", true)
                    .put("SSEType", encryption.sseTypeAsString())
                    .put("KMSMasterKeyId", encryption.kmsMasterKeyArn());
        }
        if (table.tableClassSummary() != null) {
            json.put("TableClass", table.tableClassSummary().tableClassAsString());
        }
        if (Boolean.TRUE.equals(table.deletionProtectionEnabled())) json.put("DeletionProtectionEnabled", true);
        return json.toPrettyString() + "\n";
    }

    private void indexes() {
        if (table.hasLocalSecondaryIndexes()) {
            var all = json.putArray("LocalSecondaryIndexes");
            for (var local : table.localSecondaryIndexes()) {
                index(all, local.indexName(), local.keySchema(), local.projection());
            }
        }
        if (table.hasGlobalSecondaryIndexes()) {
            var all = json.putArray("GlobalSecondaryIndexes");
            for (var global : table.globalSecondaryIndexes()) {
                throughput(
                        index(all, global.indexName(), global.keySchema(), global.projection()),
                        global.provisionedThroughput());
            }
        }
    }

    private static ObjectNode index(ArrayNode all, String name, List<KeySchemaElement> key, Projection projection) {
        var index = all.addObject().put("IndexName", name);
        key(index, key);
        var projected = index.putObject("Projection").put("ProjectionType", projection.projectionTypeAsString());
        if (projection.hasNonKeyAttributes()) {
            var attributes = projected.putArray("NonKeyAttributes");
            projection.nonKeyAttributes().forEach(attributes::add);
        }
        return index;
    }

    private static void key(ObjectNode of, List<KeySchemaElement> schema) {
        var key = of.putArray("KeySchema");
        for (var element : schema) {
            key.addObject().put("AttributeName", element.attributeName()).put("KeyType", element.keyTypeAsString());
        }
    }

    private void throughput(ObjectNode of, ProvisionedThroughputDescription throughput) {
        if (!provisioned) return;
        of.putObject("ProvisionedThroughput")
                .put("ReadCapacityUnits", throughput.readCapacityUnits())
                .put("WriteCapacityUnits", throughput.writeCapacityUnits());
    }
}
