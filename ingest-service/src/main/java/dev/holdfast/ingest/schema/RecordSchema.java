package dev.holdfast.ingest.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.holdfast.ingest.http.Problem.FieldError;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.job.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The JSON Schema of a record: to be shown, and to read what claims to be one. Thread-safe. */
public final class RecordSchema<T> {

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .build();

    private final Class<T> type;
    private final JsonNode json;
    private final JsonSchema schema;

    public RecordSchema(Class<T> type) {
        this.type = type;
        this.json = SchemaOf.record(type);
        this.schema = FACTORY.getSchema(json, CONFIG);
    }

    /** The schema as it is published. */
    public JsonNode json() {
        return json;
    }

    /** The record that a whole body is; a problem 422 that names every fault when it is not valid. */
    public T read(JsonNode body) {
        return read(body, "");
    }

    /**
     * The same for a part of a body.
     *
     * @param base the pointer to the value within the body
     */
    public T read(JsonNode value, String base) {
        var faults = faults(value, base);
        if (!faults.isEmpty()) throw ProblemException.invalid(faults);
        return bind(value, base);
    }

    /** Every fault of the value that the schema knows of, with pointers that begin with {@code base}. */
    public List<FieldError> faults(JsonNode value, String base) {
        return schema.validate(value).stream()
                .map(fault -> new FieldError(base + pointer(fault), fault.getError()))
                .distinct()
                .toList();
    }

    /**
     * The record, of a value without {@link #faults}; a problem 422 when it breaks a rule that no schema can tell: one
     * that the record checks by itself, or the length of February.
     */
    public T bind(JsonNode value, String base) {
        try {
            return Json.mapper().treeToValue(value, type);
        } catch (JsonMappingException e) {
            throw ProblemException.invalid(base + pointer(e), rule(e));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always JSON", impossible);
        }
    }

    /** Never the exception's own message, which tells of classes. */
    private static String rule(JsonMappingException e) {
        if (e instanceof InvalidFormatException unread) {
            if (unread.getTargetType() == Instant.class) return "must be a time such as 2026-12-01T02:00:00Z";
            if (unread.getTargetType() == Duration.class) return "must be a duration of ISO 8601 such as PT5M";
        }
        return e instanceof ValueInstantiationException && e.getCause() instanceof IllegalArgumentException broken
                ? String.valueOf(broken.getMessage())
                : "cannot be read as what the schema asks for";
    }

    private static String pointer(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "/" + step.getIndex() : step(step.getFieldName()))
                .collect(Collectors.joining());
    }

    /** A missing or surplus field is pointed to by its own name, not by that of the object around it. */
    private static String pointer(ValidationMessage fault) {
        var around = fault.getInstanceLocation().toString();
        return Optional.ofNullable(fault.getProperty())
                .map(name -> around + step(name))
                .orElse(around);
    }

    private static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
