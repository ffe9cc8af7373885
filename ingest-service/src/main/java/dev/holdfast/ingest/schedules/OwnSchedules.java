package dev.holdfast.ingest.schedules;

import dev.holdfast.ingest.http.ProblemException;
import jakarta.inject.Singleton;
import java.util.function.UnaryOperator;

/** A tenant's schedules, by their ids; another tenant's are not found. */
@Singleton
final class OwnSchedules {

    private final ScheduleTable table;

    OwnSchedules(ScheduleTable table) {
        this.table = table;
    }

    /** A problem 404 when the tenant has none of that id. */
    Schedule find(String tenant, String id) {
        return table.find(id)
                .filter(schedule -> schedule.tenant().equals(tenant))
                .orElseThrow(() -> ProblemException.notFound("schedule " + id));
    }

    /**
     * Changes a schedule, whatever else is done to it meanwhile.
     *
     * @param change asked again when the schedule has moved on; returns the same for no change
     */
    Schedule change(String tenant, String id, UnaryOperator<Schedule> change) {
        while (true) {
            var before = find(tenant, id);
            var after = change.apply(before);
            if (after.equals(before) || table.replace(before, after)) return after;
        }
    }
}
