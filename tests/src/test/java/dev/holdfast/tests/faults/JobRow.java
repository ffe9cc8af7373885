package dev.holdfast.tests.faults;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A job as it lies in the table, read without the runtime's own eyes. */
record JobRow(
        String id,
        JobState state,
        long fence,
        int attempt,
        int crashes,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        String error,
        List<Step> history) {

    private static final String TAKEN_OVER = "taken over";

    /** A line of a job's history. */
    record Step(Instant at, JobState state, String note) {
        static Step of(String line) {
            var parts = line.split(" ", 3);
            return new Step(Instant.parse(parts[0]), JobState.valueOf(parts[1]), parts.length == 3 ? parts[2] : "");
        }

        boolean isTakeOver() {
            return state == JobState.RUNNING && note.startsWith(TAKEN_OVER);
        }
    }

    static JobRow of(Item item) {
        return new JobRow(
                item.text("id"),
                JobState.valueOf(item.text("state")),
                item.number("fence"),
                (int) item.number("attempt"),
                item.has("crashes") ? (int) item.number("crashes") : 0,
                item.time("createdAt"),
                item.optionalTime("startedAt"),
                item.optionalTime("finishedAt"),
                item.optionalText("error").orElse(""),
                item.texts("history").stream().map(Step::of).toList());
    }

    /** Whether the job was given up because its workers died. */
    boolean isQuarantined() {
        return state == JobState.FAILED && error.contains("quarantined");
    }

    /** How often the history says that the job has ended. */
    long ends() {
        return history.stream().filter(step -> step.state().isFinal()).count();
    }
}
