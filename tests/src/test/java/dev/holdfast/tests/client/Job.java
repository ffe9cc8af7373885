package dev.holdfast.tests.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as the API shows it; {@code null} is what it does not have yet. */
public record Job(
        String id,
        String tenant,
        String type,
        int version,
        State state,
        int attempt,
        int maxAttempts,
        @Nullable Progress progress,
        Instant createdAt,
        @Nullable Instant notBefore,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        Instant updatedAt,
        @Nullable Double queueSeconds,
        @Nullable Double runSeconds,
        @Nullable JsonNode result,
        @Nullable Failure error,
        @Nullable String parent,
        @Nullable Children children,
        Map<String, String> labels,
        List<Step> history,
        Map<String, String> links) {

    /** How a job stands. */
    public enum State {
        SCHEDULED,
        QUEUED,
        RUNNING,
        RETRYING,
        WAITING,
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    /** How far its run has come. */
    public record Progress(long done, long total, String unit, String note) {}

    /** Why it failed, or failed last. */
    public record Failure(String code, String message, boolean retryable, int attempt) {}

    /** What it fanned out to. */
    public record Children(int total, int done, int failed) {}

    /** A line of its history. */
    public record Step(Instant at, State state, String note) {}
}
