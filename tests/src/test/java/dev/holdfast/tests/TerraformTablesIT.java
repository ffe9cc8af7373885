package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Terraform makes the tables that the services make where they may. */
class TerraformTablesIT {

    @Test
    void tablesOfTerraformAreThoseThatTheServicesProvision() throws IOException {
        // given
        var house = House.shared();
        var tables = new TreeMap<String, String>();
        try (var dynamo = Cloud.dynamo()) {
            for (var name : dynamo.listTablesPaginator().tableNames()) {
                if (name.startsWith(house.name + "-")) {
                    tables.put(name.substring(house.name.length() + 1), provisioned(dynamo, name));
                }
            }
        }

        // then
        var file = Cloud.CHECKOUT.root().resolve("deploy/terraform/modules/holdfast/tables.json");
        var written = new TreeMap<String, String>();
        new ObjectMapper()
                .readTree(Files.readString(file))
                .properties()
                .forEach(table -> written.put(table.getKey(), written(table.getValue())));
        assertThat(written).isEqualTo(tables).hasSize(6);
    }

    private static String provisioned(DynamoDbClient dynamo, String name) {
        var table = dynamo.describeTable(describe -> describe.tableName(name)).table();
        var ttl = dynamo.describeTimeToLive(describe -> describe.tableName(name))
                .timeToLiveDescription()
                .attributeName();
        var text = new StringBuilder(keys(table, table.keySchema()));
        table.globalSecondaryIndexes().stream()
                .map(index -> index.indexName() + "=" + keys(table, index.keySchema()) + "/"
                        + index.projection().projectionTypeAsString())
                .sorted()
                .forEach(index -> text.append(' ').append(index));
        return text.append(" ttl=").append(ttl).toString();
    }

    private static String keys(TableDescription table, Iterable<KeySchemaElement> schema) {
        var hash = "";
        var range = "";
        for (var key : schema) {
            var type = table.attributeDefinitions().stream()
                    .filter(attribute -> attribute.attributeName().equals(key.attributeName()))
                    .findFirst()
                    .orElseThrow()
                    .attributeTypeAsString();
            if (key.keyType() == KeyType.HASH) hash = key.attributeName() + ":" + type;
            else range = "," + key.attributeName() + ":" + type;
        }
        return hash + range;
    }

    private static String written(JsonNode table) {
        var text = new StringBuilder(table.path("hash_key").asText() + ":S");
        if (table.has("range_key"))
            text.append(",").append(table.path("range_key").asText()).append(":S");
        var indexes = new TreeSet<String>();
        for (var index : table.path("indexes")) {
            indexes.add("%s=%s:S,%s:N/KEYS_ONLY"
                    .formatted(
                            index.path("name").asText(),
                            index.path("hash_key").asText(),
                            index.path("numeric_range_key").asText()));
        }
        indexes.forEach(index -> text.append(' ').append(index));
        return text.append(" ttl=ttl").toString();
    }
}
