package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** DynamoDB tables are backed up, and come back from the files alone. */
class TableBackupIT {

    private static final House HOUSE = House.shared();
    private static final String TABLE = HOUSE.backedUpTable();
    private static final DynamoDbClient DYNAMO = Cloud.dynamo();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode repository;

    @BeforeAll
    @SuppressWarnings("unchecked") // the SDK takes indexes as a list of builders
    static void fill() {
        Restic.require();
        DYNAMO.createTable(create -> create.tableName(TABLE)
                .attributeDefinitions(attribute("id", "S"), attribute("n", "N"), attribute("buyer", "S"))
                .keySchema(key("id", "HASH"), key("n", "RANGE"))
                .globalSecondaryIndexes(index -> index.indexName("by-buyer")
                        .keySchema(key("buyer", "HASH"))
                        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY)))
                .billingMode(BillingMode.PAY_PER_REQUEST));
        DYNAMO.updateTimeToLive(update -> update.tableName(TABLE)
                .timeToLiveSpecification(expiry -> expiry.enabled(true).attributeName("ttl")));
        put(TABLE, IntStream.range(0, 1000).mapToObj(TableBackupIT::item).toList());
        repository =
                HOUSE.api.post("/v1/repositories", "{\"name\": \"tables\"}").body();
    }

    @AfterAll
    static void remove() {
        DYNAMO.deleteTable(delete -> delete.tableName(TABLE));
        DYNAMO.close();
    }

    @Test
    void tableComesBackFromItsFiles(@TempDir Path folder) throws IOException {
        // when
        var backup = HOUSE.api.run(job(TABLE));
        // then
        assertThat(backup.path("state").asText()).as(backup.toString()).isEqualTo("SUCCEEDED");
        new Restic(
                        repository.path("resticUrl").asText(),
                        repository.path("recoveryPassword").asText())
                .run("restore", backup.at("/result/snapshotId").asText(), "--target", folder.toString());
        var files = folder.resolve(TABLE);
        var copy = made(JSON.readTree(files.resolve("table.json").toFile()));
        put(copy, items(files.resolve("data")));
        assertThat(all(copy)).hasSize(1000).isEqualTo(all(TABLE));
        var was = DYNAMO.describeTable(describe -> describe.tableName(TABLE)).table();
        var is = DYNAMO.describeTable(describe -> describe.tableName(copy)).table();
        assertThat(is.keySchema()).isEqualTo(was.keySchema());
        assertThat(is.globalSecondaryIndexes().getFirst().keySchema())
                .isEqualTo(was.globalSecondaryIndexes().getFirst().keySchema());
        assertThat(JSON.readTree(files.resolve("time-to-live.json").toFile())
                        .at("/TimeToLiveSpecification/AttributeName")
                        .asText())
                .isEqualTo("ttl");
        DYNAMO.deleteTable(delete -> delete.tableName(copy));
    }

    @Test
    void itemsThatHaveNotChangedAreNotStoredAgain() {
        HOUSE.api.run(job(TABLE));

        var again = HOUSE.api.run(job(TABLE));

        assertThat(again.at("/result/filesUnmodified").asInt())
                .as(again.toString())
                .isEqualTo(18);
        assertThat(again.at("/result/filesChanged").asInt()).isZero();
    }

    @Test
    void onlyTablesThatTheOperatorAllowsAreRead() {
        var own = HOUSE.api.run(job(HOUSE.table("access")));
        var none = HOUSE.api.run(job(HOUSE.missingTable()));
        var nonsense = HOUSE.api.post("/v1/jobs", job("no table"));

        assertThat(own.at("/error/code").asText()).isEqualTo("table-not-allowed");
        assertThat(none.at("/error/code").asText()).isEqualTo("table-not-found");
        assertThat(nonsense.pointers()).containsExactly("/payload/source/table");
    }

    private static String job(String table) {
        return """
                {"type": "backup",
                 "payload": {"repository": "tables", "source": {"kind": "dynamodb", "table": "%s"}}}""".formatted(table);
    }

    private static Map<String, AttributeValue> item(int number) {
        return Map.of(
                "id", AttributeValue.fromS("order " + number % 100),
                "n", AttributeValue.fromN(String.valueOf(number)),
                "buyer", AttributeValue.fromS("ada"),
                "text", AttributeValue.fromS("\"☃\"\n".repeat(number % 50)),
                "raw", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {(byte) number, -1})),
                "more",
                        AttributeValue.fromM(Map.of(
                                "set", AttributeValue.fromNs(List.of("1", String.valueOf(number + 2))),
                                "list",
                                        AttributeValue.fromL(List.of(
                                                AttributeValue.fromBool(true), AttributeValue.fromNul(true))))));
    }

    private static void put(String table, List<Map<String, AttributeValue>> items) {
        for (var from = 0; from < items.size(); from += 25) {
            var writes = items.subList(from, Math.min(from + 25, items.size())).stream()
                    .map(item -> WriteRequest.builder()
                            .putRequest(PutRequest.builder().item(item).build())
                            .build())
                    .toList();
            assertThat(DYNAMO.batchWriteItem(batch -> batch.requestItems(Map.of(table, writes)))
                            .unprocessedItems())
                    .isEmpty();
        }
    }

    private static Set<Map<String, AttributeValue>> all(String table) {
        return new HashSet<>(DYNAMO.scanPaginator(scan -> scan.tableName(table)).items().stream()
                .map(TableBackupIT::withoutOrder)
                .toList());
    }

    /** Sets come in any order. */
    private static Map<String, AttributeValue> withoutOrder(Map<String, AttributeValue> item) {
        var more = new HashMap<>(
                item.getOrDefault("more", AttributeValue.fromM(Map.of())).m());
        more.computeIfPresent(
                "set",
                (_, set) -> AttributeValue.fromNs(set.ns().stream().sorted().toList()));
        var sorted = new HashMap<>(item);
        sorted.put("more", AttributeValue.fromM(more));
        return sorted;
    }

    /** A table of another name, of what {@code create-table --cli-input-json} reads. */
    @SuppressWarnings("unchecked")
    private static String made(JsonNode table) {
        var name = TABLE + ".copy";
        var index = table.at("/GlobalSecondaryIndexes/0");
        DYNAMO.createTable(create -> create.tableName(name)
                .attributeDefinitions(list(table.path("AttributeDefinitions")).stream()
                        .map(it -> attribute(
                                it.path("AttributeName").asText(),
                                it.path("AttributeType").asText()))
                        .toList())
                .keySchema(keys(table.path("KeySchema")))
                .globalSecondaryIndexes(
                        global -> global.indexName(index.path("IndexName").asText())
                                .keySchema(keys(index.path("KeySchema")))
                                .projection(projection -> projection.projectionType(
                                        index.at("/Projection/ProjectionType").asText())))
                .billingMode(table.path("BillingMode").asText()));
        return name;
    }

    private static List<Map<String, AttributeValue>> items(Path data) throws IOException {
        var items = new ArrayList<Map<String, AttributeValue>>();
        try (var files = Files.list(data)) {
            for (var file : files.toList()) {
                for (var line : Files.readAllLines(file)) {
                    items.add(attributes(JSON.readTree(line).path("Item")));
                }
            }
        }
        return items;
    }

    private static Map<String, AttributeValue> attributes(JsonNode item) {
        var attributes = new HashMap<String, AttributeValue>();
        item.properties().forEach(attribute -> attributes.put(attribute.getKey(), value(attribute.getValue())));
        return attributes;
    }

    private static AttributeValue value(JsonNode typed) {
        var type = typed.fieldNames().next();
        var value = typed.path(type);
        return switch (type) {
            case "S" -> AttributeValue.fromS(value.asText());
            case "N" -> AttributeValue.fromN(value.asText());
            case "B" ->
                AttributeValue.fromB(
                        SdkBytes.fromByteArray(java.util.Base64.getDecoder().decode(value.asText())));
            case "BOOL" -> AttributeValue.fromBool(value.asBoolean());
            case "NULL" -> AttributeValue.fromNul(value.asBoolean());
            case "NS" ->
                AttributeValue.fromNs(list(value).stream().map(JsonNode::asText).toList());
            case "L" ->
                AttributeValue.fromL(
                        list(value).stream().map(TableBackupIT::value).toList());
            case "M" -> AttributeValue.fromM(attributes(value));
            default -> throw new AssertionError(type);
        };
    }

    private static List<JsonNode> list(JsonNode array) {
        var all = new ArrayList<JsonNode>();
        array.forEach(all::add);
        return all;
    }

    private static List<KeySchemaElement> keys(JsonNode schema) {
        return list(schema).stream()
                .map(it -> key(
                        it.path("AttributeName").asText(), it.path("KeyType").asText()))
                .toList();
    }

    private static AttributeDefinition attribute(String name, String type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement key(String name, String type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
