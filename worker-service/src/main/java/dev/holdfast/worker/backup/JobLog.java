package dev.holdfast.worker.backup;

import dev.holdfast.job.Job;
import dev.holdfast.job.Json;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.FanOut;
import dev.holdfast.job.Outcome.Postponed;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.repositories.JobLogs;
import dev.holdfast.run.Run;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run does, for its owner: a line of JSON for each event. Names of files are in it, so that it is kept sealed
 * and never logged. Thread-safe.
 */
final class JobLog {

    /** What is told of a run at most, in memory until its end; what is beyond is counted. */
    static final int MOST_BYTES = 8 << 20;

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Job job;
    private final InstantSource clock;
    private final Instant begun;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private long left;

    JobLog(Job job, InstantSource clock) {
        this.job = job;
        this.clock = clock;
        this.begun = clock.instant();
        var history = job.history();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("type", job.spec().type().wireName());
        fields.put("run", job.fence());
        if (job.crashes() > 0) fields.put("runsCutShort", job.crashes());
        if (!job.phase().isEmpty()) fields.put("phase", job.phase());
        if (history.size() > 1) fields.put("after", history.get(history.size() - 2));
        info("begun", fields);
    }

    /** Something that was to be expected. */
    void info(String event, Map<String, ?> fields) {
        add("info", event, fields, MOST_BYTES);
    }

    /** Something that somebody may want to look into. */
    void warn(String event, Map<String, ?> fields) {
        add("warn", event, fields, MOST_BYTES);
    }

    private synchronized void add(String level, String event, Map<String, ?> fields, int most) {
        var line = new LinkedHashMap<String, Object>();
        line.put("time", MILLIS.format(clock.instant()));
        line.put("level", level);
        line.put("event", event);
        line.put("job", job.id().toString());
        line.put("attempt", job.attempt());
        line.putAll(fields);
        var bytes = (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8);
        if (lines.size() + bytes.length > most) left++;
        else lines.writeBytes(bytes);
    }

    void ended(Outcome outcome) {
        switch (outcome) {
            case Succeeded(var result) -> end("info", "succeeded", Map.of("result", result));
            case Rejected(var code, var message) -> end("error", "failed", Map.of("code", code, "message", message));
            case Postponed(var delay, var reason) ->
                end("info", "waits", Map.of("reason", reason, "seconds", delay.toMillis() / 1000.0));
            case FanOut fanOut ->
                end("info", "shared out", Map.of("parts", fanOut.children().size()));
        }
    }

    /** By a surprise: the job comes again, unless that was its last attempt. */
    void ended(Exception surprise) {
        if (surprise instanceof Run.LostException) end("warn", "stopped", Map.of());
        else end("error", "attempt failed", Map.of("error", String.valueOf(surprise.getMessage())));
    }

    /** There is always room for the end. */
    private synchronized void end(String level, String event, Map<String, ?> fields) {
        if (left > 0) add("warn", "lines left out", Map.of("lines", left), Integer.MAX_VALUE);
        add(level, event, fields, Integer.MAX_VALUE);
    }

    JobLogs.Name name() {
        return new JobLogs.Name(begun, job.id().toString(), job.fence());
    }

    synchronized byte[] toByteArray() {
        return lines.toByteArray();
    }
}
