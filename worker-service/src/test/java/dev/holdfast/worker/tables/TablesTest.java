package dev.holdfast.worker.tables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.TableNames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.BillingModeSummary;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

class TablesTest {

    @Test
    void noTableOfHoldfastsOwnCanBeAllowed() {
        try (var dynamo = DynamoDbClient.builder()
                .region(software.amazon.awssdk.regions.Region.EU_CENTRAL_1)
                .build()) {
            assertThatThrownBy(() -> new Tables(dynamo, List.of("orders", " prod-access"), new TableNames("prod-")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("holdfast.backup.tables")
                    .hasMessageContaining("prod-access");
        }
    }

    @Test
    void segmentsAreDoubledWhenATableGrows() {
        assertThat(Export.segments(0)).isEqualTo(16);
        assertThat(Export.segments(16L * (4 << 20))).isEqualTo(16);
        assertThat(Export.segments(16L * (4 << 20) + 16)).isEqualTo(32);
        assertThat(Export.segments(1L << 30)).isEqualTo(256);
        assertThat(Export.segments(Long.MAX_VALUE)).isEqualTo(1 << 19);
    }

    @Test
    void streamsComeInTurnAndNoneAfterTheLastThatIsAFiles() throws IOException {
        var streams = streams("a", "", "bc", "d");

        assertThat(new InTurn(streams, 3)).hasContent("abc");
        assertThat(new InTurn(streams, 1)).hasContent("d");
    }

    @Test
    void closedFileReadsNoMoreSegments() throws IOException {
        var streams = streams("a", "b");

        try (var file = new InTurn(streams, 2)) {
            assertThat(file.read()).isEqualTo('a');
        }

        assertThat(streams.next()).hasContent("b");
    }

    private static Iterator<InputStream> streams(String... contents) {
        return Stream.of(contents)
                .<InputStream>map(content -> new ByteArrayInputStream(content.getBytes(UTF_8)))
                .iterator();
    }

    @Test
    void tableIsDescribedAsItIsMadeAgain() {
        var table = TableDescription.builder()
                .tableName("orders")
                .attributeDefinitions(
                        AttributeDefinition.builder()
                                .attributeName("id")
                                .attributeType(ScalarAttributeType.S)
                                .build(),
                        AttributeDefinition.builder()
                                .attributeName("buyer")
                                .attributeType(ScalarAttributeType.N)
                                .build())
                .keySchema(key("id"))
                .billingModeSummary(BillingModeSummary.builder()
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .build())
                .globalSecondaryIndexes(GlobalSecondaryIndexDescription.builder()
                        .indexName("by-buyer")
                        .keySchema(key("buyer"))
                        .projection(Projection.builder()
                                .projectionType(ProjectionType.INCLUDE)
                                .nonKeyAttributes("price")
                                .build())
                        .build())
                .build();

        assertThat(TableJson.of(table)).isEqualToIgnoringWhitespace("""
                {"TableName": "orders",
                 "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"},
                                          {"AttributeName": "buyer", "AttributeType": "N"}],
                 "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                 "BillingMode": "PAY_PER_REQUEST",
                 "GlobalSecondaryIndexes": [
                    {"IndexName": "by-buyer", "KeySchema": [{"AttributeName": "buyer", "KeyType": "HASH"}],
                     "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["price"]}}]}""");
    }

    private static KeySchemaElement key(String name) {
        return KeySchemaElement.builder()
                .attributeName(name)
                .keyType(KeyType.HASH)
                .build();
    }
}
