package dev.holdfast.ingest.admin;

import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.job.Json;
import java.io.InputStream;

/** Reads bodies of one kind; what is wrong with them is a problem 400, 413 or 422 that names the field. */
final class AdminBody<T> {

    private final Class<T> type;
    private final RecordSchema schema;

    AdminBody(Class<T> type) {
        this.type = type;
        this.schema = new RecordSchema(type);
    }

    T read(InputStream body) {
        var json = Body.read(body);
        var faults = schema.faults(json, "");
        if (!faults.isEmpty()) throw ProblemException.invalid(faults);
        try {
            return Json.mapper().convertValue(json, type);
        } catch (IllegalArgumentException outOfForm) { // such as a 30th of February
            throw ProblemException.invalid("", String.valueOf(outOfForm.getMessage()));
        }
    }
}
