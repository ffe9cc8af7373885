package dev.holdfast.ingest.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads the JSON body of a request, within its limits. */
public final class Body {

    /** 256 KiB: what a job item can hold beside its own fields. */
    public static final int LIMIT_BYTES = 256 * 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(LIMIT_BYTES)
                            .maxNumberLength(100)
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
            return MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw ProblemException.malformed("Not JSON at line %d, column %d: %s"
                    .formatted(at.getLineNr(), at.getColumnNr(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProblemException tooLarge() {
        return ProblemException.tooLarge(
                "A body may have %d bytes (256 KiB); larger data goes through POST /v1/uploads."
                        .formatted(LIMIT_BYTES));
    }
}
