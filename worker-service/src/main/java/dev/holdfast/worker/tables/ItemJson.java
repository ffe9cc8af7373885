package dev.holdfast.worker.tables;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.holdfast.job.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items as DynamoDB exports them: one a line, {@code {"Item":{"id":{"S":"a"}}}}. The same item has the same bytes each
 * time: attributes, and the members of sets, are sorted.
 */
final class ItemJson {

    private ItemJson() {}

    /** The lines of some items. */
    static byte[] lines(List<Map<String, AttributeValue>> items) {
        var lines = new ByteArrayOutputStream();
        try (var json = Json.mapper().getFactory().createGenerator(lines)) {
            json.setPrettyPrinter(new MinimalPrettyPrinter(""));
            for (var item : items) {
                json.writeStartObject();
                json.writeFieldName("Item");
                writeMap(item, json);
                json.writeEndObject();
                json.writeRaw('\n');
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return lines.toByteArray();
    }

    private static void writeMap(Map<String, AttributeValue> attributes, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (var attribute : new TreeMap<>(attributes).entrySet()) {
            json.writeFieldName(attribute.getKey());
            write(attribute.getValue(), json);
        }
        json.writeEndObject();
    }

    private static void write(AttributeValue value, JsonGenerator json) throws IOException {
        json.writeStartObject();
        switch (value.type()) {
            case S -> json.writeStringField("S", value.s());
            case N -> json.writeStringField("N", value.n());
            case B -> json.writeStringField("B", base64(value.b()));
            case BOOL -> json.writeBooleanField("BOOL", value.bool());
            case NUL -> json.writeBooleanField("NULL", true);
            case SS -> writeSet("SS", value.ss(), json);
            case NS -> writeSet("NS", value.ns(), json);
            case BS -> writeSet("BS", value.bs().stream().map(ItemJson::base64).toList(), json);
            case M -> {
                json.writeFieldName("M");
                writeMap(value.m(), json);
            }
            case L -> {
                json.writeArrayFieldStart("L");
                for (var element : value.l()) write(element, json);
                json.writeEndArray();
            }
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("an attribute of a type that is not known");
        }
        json.writeEndObject();
    }

    private static void writeSet(String type, Collection<String> members, JsonGenerator json) throws IOException {
        var sorted = members.toArray(String[]::new);
        Arrays.sort(sorted);
        json.writeArrayFieldStart(type);
        for (var member : sorted) json.writeString(member);
        json.writeEndArray();
    }

    private static String base64(SdkBytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
    }
}
