package dev.holdfast.ingest.schedules;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/** A schedule as a DynamoDB item. */
final class ScheduleItem {

    /** Set on schedules that are not paused: what the index of that name finds, by {@code nextFireAt}. */
    static final String DUE = "due";

    /** Set on schedules of which success is expected: what the index of that name finds, by {@code expectedBy}. */
    static final String WATCHED = "watched";

    private ScheduleItem() {}

    static Item of(Schedule schedule) {
        var spec = schedule.spec();
        var item = Item.empty()
                .with("id", schedule.id())
                .with("tenant", schedule.tenant())
                .with("name", spec.name())
                .with("timezone", spec.timing().zone().getId())
                .with("job", spec.job())
                .with("catchUp", spec.catchUp().wireName())
                .with("overlap", spec.overlap().wireName())
                .with("requestHash", schedule.requestHash())
                .with("revision", schedule.revision())
                .with("createdAt", schedule.createdAt())
                .with("updatedAt", schedule.updatedAt())
                .with("begunAt", schedule.begunAt())
                .withTime("nextFireAt", schedule.nextFireAt())
                .withTime("lastFireAt", schedule.lastFireAt())
                .withTime("expectedBy", schedule.expectedBy());
        spec.timing().cron().ifPresent(cron -> item.with("cron", cron));
        spec.timing().every().ifPresent(every -> item.with("everyMillis", every.toMillis()));
        spec.expectWithin().ifPresent(time -> item.with("expectWithinMillis", time.toMillis()));
        schedule.lastJob().ifPresent(job -> item.with("lastJob", job.toString()));
        if (!schedule.isPaused()) item.with(DUE, DUE);
        if (schedule.expectedBy().isPresent()) item.with(WATCHED, WATCHED);
        if (schedule.overdue()) item.with("overdue", 1);
        return item;
    }

    static Schedule schedule(Item item) {
        return new Schedule(
                item.text("id"),
                item.text("tenant"),
                spec(item),
                item.text("requestHash"),
                item.number("revision"),
                item.time("createdAt"),
                item.time("updatedAt"),
                item.time("begunAt"),
                item.optionalTime("nextFireAt"),
                item.optionalTime("lastFireAt"),
                item.optionalText("lastJob").map(JobId::of),
                item.optionalTime("expectedBy"),
                item.numberOrZero("overdue") == 1);
    }

    private static ScheduleSpec spec(Item item) {
        var timing = new ScheduleSpec.Timing(
                item.optionalText("cron"), time(item, "everyMillis"), ZoneId.of(item.text("timezone")));
        return new ScheduleSpec(
                item.text("name"),
                timing,
                item.text("job"),
                time(item, "expectWithinMillis"),
                CatchUp.named(item.text("catchUp")),
                Overlap.named(item.text("overlap")));
    }

    private static Optional<Duration> time(Item item, String name) {
        return item.has(name) ? Optional.of(Duration.ofMillis(item.number(name))) : Optional.empty();
    }
}
