package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tests.Cloud;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Backups of a table that has no capacity left to be read. */
class FaultsTableIT {

    /** What the SDK asks before it says that it was throttled. */
    private static final int ASKED_BY_THE_SDK = 5;

    private final FaultHouse house = FaultHouse.shared();
    private final DynamoDbClient dynamo = Cloud.dynamo();
    private final String table = house.house.backedUpTable();
    private final String name = "t" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    @SuppressWarnings("unchecked") // the SDK takes attributes and keys as lists of builders
    void fill() {
        house.heal();
        dynamo.createTable(create -> create.tableName(table)
                .attributeDefinitions(id -> id.attributeName("id").attributeType(ScalarAttributeType.S))
                .keySchema(id -> id.attributeName("id").keyType(KeyType.HASH))
                .billingMode(BillingMode.PAY_PER_REQUEST));
        for (var number = 0; number < 20; number++) {
            var item = Map.of("id", AttributeValue.fromS("order " + number));
            dynamo.putItem(put -> put.tableName(table).item(item));
        }
        house.house.api.post("/v1/repositories", "{\"name\": \"" + name + "\"}");
    }

    @AfterEach
    void heal() {
        house.heal();
        dynamo.deleteTable(delete -> delete.tableName(table));
        dynamo.close();
    }

    @Test
    void throttledScanGoesOnWhereItWasInItsFirstRun() {
        // given
        var workers = house.workers(Proxies::dynamodb);
        var throttled = 2 * ASKED_BY_THE_SDK + 1;
        var scans = FaultHouse.arm(workers, Rule.on("Scan").containing("\"" + table + "\""));
        var throttles = FaultHouse.arm(
                workers,
                Rule.on("Scan").containing("\"Segment\":3,").next(throttled).then(new Fault.Throttle()));

        // when
        var job = house.house.api.run("""
                {"type": "backup",
                 "payload": {"repository": "%s", "source": {"kind": "dynamodb", "table": "%s"}}}""".formatted(name, table));

        // then
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        assertThat(job.path("history").findValuesAsText("state")).containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
        assertThat(throttles.struck()).isEqualTo(throttled);
        assertThat(scans.struck()).as("16 pages once each, and throttles").isEqualTo(16 + throttled);
    }
}
