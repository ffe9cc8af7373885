package dev.holdfast.restic.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads foreign JSON as a stream: unknown fields are skipped, nesting and text lengths are bounded by the parser, and
 * whatever does not fit is {@link ResticException.Damaged}.
 */
final class JsonIn {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxStringLength(16 << 20)
                    .maxNumberLength(64)
                    .maxNameLength(1024)
                    .build())
            .build();

    private final JsonParser parser;

    private JsonIn(JsonParser parser) {
        this.parser = parser;
    }

    @FunctionalInterface
    interface Body {
        void read(JsonIn in) throws IOException;
    }

    @FunctionalInterface
    interface Field {
        /** Must read or {@link JsonIn#skip} exactly the value. */
        void read(String name, JsonIn value) throws IOException;
    }

    /** Reads a document that is one object. */
    static void read(String what, byte[] json, Field field) {
        readAny(what, json, in -> in.object(field));
    }

    static void readAny(String what, byte[] json, Body body) {
        try (var parser = FACTORY.createParser(json)) {
            parser.nextToken();
            body.read(new JsonIn(parser));
            if (parser.nextToken() != null) throw new ResticException.Damaged(what + ": more after the end");
        } catch (IOException | ArithmeticException | IllegalArgumentException e) {
            throw new ResticException.Damaged(
                    what + " is not valid: " + Text.excerpt(String.valueOf(e.getMessage())), e);
        } catch (ResticException.Damaged e) {
            throw new ResticException.Damaged(what + ": " + e.getMessage(), e);
        }
    }

    /** The value is an object, or null, which is empty. */
    void object(Field field) throws IOException {
        if (isNull()) return;
        expect(JsonToken.START_OBJECT);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            if (parser.currentToken() == null) throw new ResticException.Damaged("cut off");
            var name = parser.currentName();
            parser.nextToken();
            field.read(name, this);
        }
    }

    /** The value is an array, or null, which is empty. */
    void array(Body element) throws IOException {
        if (isNull()) return;
        expect(JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) throw new ResticException.Damaged("cut off");
            element.read(this);
        }
    }

    boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Null is the empty text. */
    String string() throws IOException {
        if (isNull()) return "";
        expect(JsonToken.VALUE_STRING);
        return parser.getText();
    }

    Id id() throws IOException {
        expect(JsonToken.VALUE_STRING);
        return Id.parse(parser.getText());
    }

    List<String> strings() throws IOException {
        var strings = new ArrayList<String>();
        array(in -> strings.add(in.string()));
        return strings;
    }

    byte[] base64() throws IOException {
        return Base64.getDecoder().decode(string());
    }

    boolean bool() throws IOException {
        if (isNull()) return false;
        return parser.getBooleanValue();
    }

    /** An unsigned number of 64 bits. */
    long unsigned() throws IOException {
        if (isNull()) return 0;
        expect(JsonToken.VALUE_NUMBER_INT);
        var text = parser.getText();
        return text.length() < 19 ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    }

    /** A number from 0 to {@code max}. */
    int number(int max) throws IOException {
        long value = unsigned();
        if (value < 0 || value > max) throw new ResticException.Damaged("number out of range: " + value);
        return (int) value;
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    private void expect(JsonToken token) {
        if (parser.currentToken() != token) {
            throw new ResticException.Damaged("expected " + token + ", found " + parser.currentToken());
        }
    }
}
