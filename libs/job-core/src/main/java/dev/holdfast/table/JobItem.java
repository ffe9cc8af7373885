package dev.holdfast.table;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Children;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.JobState;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Json;
import dev.holdfast.job.Notify;
import dev.holdfast.job.Progress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Function;

/**
 * A job as a DynamoDB item. Names and values are short on purpose: a small job stays below 1 KiB, so that each write of
 * it costs one unit.
 */
final class JobItem {

    /** Set on jobs without a message that wait for their start: what the index of that name finds. */
    static final String DUE = "due";

    private JobItem() {}

    static Item of(Job job) {
        var spec = job.spec();
        var item = Item.empty()
                .with("id", job.id().toString())
                .with("tenant", job.tenant())
                .with("type", spec.type().wireName())
                .with("version", spec.type().version())
                .with("payload", Json.write(spec.payload()))
                .with("maxAttempts", spec.maxAttempts())
                .with("requestHash", job.requestHash())
                .with("traceparent", job.traceparent())
                .with("createdAt", job.createdAt())
                .with("updatedAt", job.updatedAt())
                .with("state", job.state().name())
                .with("fence", job.fence())
                .with("attempt", job.attempt())
                .withTime("notBefore", job.notBefore())
                .withTime("startAt", spec.notBefore())
                .withTime("deadline", spec.deadline())
                .with("history", job.history().stream().map(JobItem::line).toList());
        job.parent().ifPresent(parent -> item.with("parent", parent.toString()));
        if (job.waitsInTable()) item.with(DUE, DUE);
        if (!spec.notification().equals(Notify.NOBODY)) item.with("notify", Json.write(spec.notification()));
        if (!spec.labels().isEmpty()) item.with("labels", spec.labels());
        return item;
    }

    /** Throws {@link UnreadableJobException} when this release cannot read the item. */
    static Job job(Item item) {
        return job(item, JobItem::spec);
    }

    /** The same for a job that was read before: what was asked for never changes, and may be large. */
    static Job job(Item item, JobSpec known) {
        return job(item, same -> known);
    }

    private static Job job(Item item, Function<Item, JobSpec> spec) {
        try {
            return read(item, spec.apply(item));
        } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
            throw new UnreadableJobException(item.optionalText("id").orElse("without id"), e);
        }
    }

    private static JobSpec spec(Item item) {
        var type = JobType.named(item.text("type"))
                .orElseThrow(() -> new IllegalArgumentException("unknown type " + item.text("type")));
        return new JobSpec(
                type.read(item.text("payload"), (int) item.number("version")),
                item.optionalText("notify")
                        .map(json -> Json.read(json, Notify.class))
                        .orElse(Notify.NOBODY),
                item.optionalTime("startAt"),
                item.optionalTime("deadline"),
                (int) item.number("maxAttempts"),
                item.textMap("labels"));
    }

    private static Job read(Item item, JobSpec spec) {
        return new Job(
                JobId.of(item.text("id")),
                item.text("tenant"),
                spec,
                item.text("requestHash"),
                item.text("traceparent"),
                item.time("createdAt"),
                JobState.valueOf(item.text("state")),
                item.number("fence"),
                item.optionalText("token").orElse(""),
                (int) item.number("attempt"),
                (int) item.numberOrZero("crashes"),
                item.optionalTime("notBefore"),
                item.optionalTime("leaseUntil"),
                item.optionalTime("startedAt"),
                item.optionalTime("finishedAt"),
                item.time("updatedAt"),
                item.optionalText("progress").map(json -> Json.read(json, Progress.class)),
                item.optionalText("result")
                        .map(json -> Json.read(json, spec.type().result())),
                item.optionalText("error").map(json -> Json.read(json, JobError.class)),
                item.has("cancelRequested"),
                item.optionalText("parent").map(JobId::of),
                item.optionalText("phase").orElse(""),
                children(item),
                item.texts("history").stream().map(JobItem::entry).toList());
    }

    private static Optional<Children> children(Item item) {
        if (!item.has("children")) return Optional.empty();
        return Optional.of(new Children(
                item.number("childrenFence"),
                (int) item.number("children"),
                (int) item.number("outstanding"),
                (int) item.number("childrenFailed"),
                item.optionalTime("childEndedAt")));
    }

    /** One step as one readable line: {@code 2026-11-20T10:00:00.123Z RUNNING attempt 1}. */
    static String line(HistoryEntry entry) {
        return (entry.at() + " " + entry.state() + " " + entry.note()).strip();
    }

    private static HistoryEntry entry(String line) {
        var parts = line.split(" ", 3);
        return new HistoryEntry(instant(parts[0]), JobState.valueOf(parts[1]), parts.length == 3 ? parts[2] : "");
    }

    /** As {@link Instant#parse}, but many times faster for times in milliseconds, which almost all are. */
    static Instant instant(String text) {
        if (text.length() != "2026-11-20T10:00:00.123Z".length()) return Instant.parse(text);
        return LocalDateTime.of(
                        digits(text, 0, 4),
                        digits(text, 5, 7),
                        digits(text, 8, 10),
                        digits(text, 11, 13),
                        digits(text, 14, 16),
                        digits(text, 17, 19),
                        digits(text, 20, 23) * 1_000_000)
                .toInstant(ZoneOffset.UTC);
    }

    private static int digits(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
