package dev.holdfast.ingest.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the JSON body of a request, within its limits. */
public final class Body {

    /** 256 KiB: what a job item can hold beside its own fields. */
    public static final int LIMIT_BYTES = 256 * 1024;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_TOKENS = 50_000;
    private static final int MAX_NAME = 1_000;
    private static final int MAX_NUMBER = 100;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .maxNameLength(MAX_NAME)
                            .maxStringLength(LIMIT_BYTES)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Body() {}

    /** The body as a tree; a problem 400 or 413 when it is no JSON, or too much of it. */
    public static JsonNode read(InputStream body) {
        try {
            var bytes = body.readNBytes(LIMIT_BYTES + 1);
            if (bytes.length > LIMIT_BYTES) throw tooLarge();
            if (bytes.length == 0) throw ProblemException.malformed("The body is empty; send JSON.");
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            var json = MAPPER.readTree(text);
            if (text.contains("\\u")) checkEscapes(json);
            checkNumbers(json);
            return json;
        } catch (CharacterCodingException notUtf8) {
            throw ProblemException.malformed("The body is not UTF-8.");
        } catch (StreamConstraintsException beyond) {
            throw ProblemException.malformed(
                    "JSON may be nested %d deep, and have %d values and names, names of %d and numbers of %d characters."
                            .formatted(MAX_DEPTH, MAX_TOKENS, MAX_NAME, MAX_NUMBER));
        } catch (MismatchedInputException trailing) { // whose message tells of classes
            throw ProblemException.malformed("Something follows the JSON.");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw ProblemException.malformed("Not JSON at line %d, column %d: %s"
                    .formatted(at.getLineNr(), at.getColumnNr(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Escapes can write what UTF-8 cannot, or what tables and logs stumble over. */
    private static void checkEscapes(JsonNode json) {
        json.fieldNames().forEachRemaining(Body::checkText);
        json.forEach(Body::checkEscapes);
        if (json.isTextual()) checkText(json.textValue());
    }

    private static void checkText(String text) {
        if (text.indexOf(0) >= 0) throw ProblemException.malformed("A text in the body has the character U+0000.");
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw ProblemException.malformed("A text in the body has half of a surrogate pair.");
        }
    }

    /** What 64 bits cannot hold loses digits, or is infinite, for most who read JSON (RFC 7493, section 2.2). */
    private static void checkNumbers(JsonNode json) {
        json.forEach(Body::checkNumbers);
        if (json.isBigInteger() || (json.isDouble() && !Double.isFinite(json.doubleValue()))) {
            throw ProblemException.malformed("A number in the body is larger than 64 bits can hold.");
        }
    }

    static ProblemException tooLarge() {
        return ProblemException.tooLarge(
                "A body may have %d bytes (256 KiB); larger data goes through POST /v1/uploads."
                        .formatted(LIMIT_BYTES));
    }
}
