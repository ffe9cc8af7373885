package dev.holdfast.worker.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ItemJsonTest {

    @Test
    void itemsAreWrittenAsDynamoDbExportsThem() {
        var item = Map.of(
                "id", AttributeValue.fromS("a \"quoted\"\n☃"),
                "price", AttributeValue.fromN("12.50"),
                "raw", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1})),
                "sold", AttributeValue.fromBool(false),
                "none", AttributeValue.fromNul(true),
                "tags", AttributeValue.fromSs(List.of("b", "a")),
                "sizes", AttributeValue.fromNs(List.of("2", "1")),
                "keys", AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("y"), SdkBytes.fromUtf8String("x"))),
                "map", AttributeValue.fromM(Map.of("k", AttributeValue.fromL(List.of()))),
                "list", AttributeValue.fromL(List.of(AttributeValue.fromN("1"), AttributeValue.fromS(""))));

        assertThat(text(List.of(item))).isEqualTo("""
                {"Item":{"id":{"S":"a \\"quoted\\"\\n☃"},"keys":{"BS":["eA==","eQ=="]},\
                "list":{"L":[{"N":"1"},{"S":""}]},"map":{"M":{"k":{"L":[]}}},"none":{"NULL":true},\
                "price":{"N":"12.50"},"raw":{"B":"AP8="},"sizes":{"NS":["1","2"]},"sold":{"BOOL":false},\
                "tags":{"SS":["a","b"]}}}
                """);
    }

    @Test
    void eachItemIsALine() {
        var item = Map.of("id", AttributeValue.fromN("1"));

        assertThat(text(List.of(item, item))).isEqualTo("""
                {"Item":{"id":{"N":"1"}}}
                {"Item":{"id":{"N":"1"}}}
                """);
        assertThat(text(List.of())).isEmpty();
    }

    private static String text(List<Map<String, AttributeValue>> items) {
        return new String(ItemJson.lines(items), StandardCharsets.UTF_8);
    }
}
