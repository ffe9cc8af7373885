package dev.holdfast.ingest.schedules;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a schedule was asked to do.
 *
 * @param job the body of a job's submission, as JSON
 * @param expectWithin how long after a tick its job must have succeeded
 */
record ScheduleSpec(
        String name, Timing timing, String job, Optional<Duration> expectWithin, CatchUp catchUp, Overlap overlap) {

    /**
     * When it fires: by exactly one of both.
     *
     * @param cron as it was written
     * @param every 1 s to 366 days, in whole milliseconds
     */
    record Timing(Optional<String> cron, Optional<Duration> every, ZoneId zone) {

        Timing {
            if (cron.isPresent() == every.isPresent()) throw new IllegalArgumentException("either cron or every");
        }

        /** @param begunAt the moment from which a fixed rate is counted */
        Plan plan(Instant begunAt) {
            return cron.<Plan>map(text -> new Plan.Calendar(Cron.parse(text), zone))
                    .orElseGet(() -> new Plan.Rate(begunAt, every.orElseThrow()));
        }
    }
}
