package dev.holdfast.ingest.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.holdfast.ingest.http.Problem.FieldError;
import java.util.List;
import java.util.Optional;

/** The JSON Schema of a record: to be shown, and to check what claims to be one. Thread-safe. */
public final class RecordSchema {

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .build();

    private final JsonNode json;
    private final JsonSchema schema;

    public RecordSchema(Class<?> type) {
        this.json = SchemaOf.record(type);
        this.schema = FACTORY.getSchema(json, CONFIG);
    }

    /** The schema as it is published. */
    public JsonNode json() {
        return json;
    }

    /** Every fault of the value, with pointers that begin with {@code base}; empty when it is valid. */
    public List<FieldError> faults(JsonNode value, String base) {
        return schema.validate(value).stream()
                .map(fault -> new FieldError(base + pointer(fault), fault.getError()))
                .distinct()
                .toList();
    }

    /** A missing or surplus field is pointed to by its own name, not by that of the object around it. */
    private static String pointer(ValidationMessage fault) {
        var around = fault.getInstanceLocation().toString();
        return Optional.ofNullable(fault.getProperty())
                .map(name -> around + "/" + name.replace("~", "~0").replace("/", "~1"))
                .orElse(around);
    }
}
