package dev.holdfast.ingest.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobType;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The schemas of all job types. */
@Singleton
final class JobTypes {

    private final Map<JobType, RecordSchema<? extends JobPayload>> payloads = new EnumMap<>(JobType.class);
    private final List<JobTypeView> views;

    JobTypes() {
        var known = Arrays.stream(JobType.values()).filter(JobType::isPublic).toList();
        for (var type : known) payloads.put(type, new RecordSchema<>(type.payload()));
        views = known.stream().map(this::view).toList();
    }

    /** The schema of a type's payload. */
    RecordSchema<? extends JobPayload> payload(JobType type) {
        return Objects.requireNonNull(payloads.get(type));
    }

    /** All types, as the API shows them. */
    List<JobTypeView> all() {
        return views;
    }

    private JobTypeView view(JobType type) {
        return new JobTypeView(
                type.wireName(),
                type.version(),
                type.lane().wireName(),
                payload(type).json(),
                new RecordSchema<>(type.result()).json());
    }

    /** A job type in the HTTP API; payload and result are JSON Schemas (2020-12). */
    record JobTypeView(String name, int version, String lane, JsonNode payload, JsonNode result) {}
}
