package dev.holdfast.table;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.HistoryEntry;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobState;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;

/** What every move of a job to another state writes: the state, the time, and a line of its history. */
final class JobSteps {

    /** History lines that are kept: the first ones of a job's life and the latest. */
    static final int HISTORY_LIMIT = 50;

    /** For the SET of a move; {@link #values} are its values. */
    static final String MOVE = "#state = :state, updatedAt = :now, history = :history";

    /** For the SET of a move to a final state; {@link #endValues} are its values. */
    static final String END = MOVE + ", finishedAt = :now, #ttl = :ttl";

    private final JobTableConfig config;
    private final InstantSource clock;

    JobSteps(JobTableConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /** The time, as exactly as it is kept. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    Item values(Job job, JobState state, String note) {
        var now = now();
        var history = new ArrayList<>(job.history());
        while (history.size() >= HISTORY_LIMIT) history.remove(HISTORY_LIMIT / 2);
        history.add(new HistoryEntry(now, state, note));
        return Item.empty()
                .with(":state", state.name())
                .with(":now", now)
                .with(":history", history.stream().map(JobItem::line).toList());
    }

    Item endValues(Job job, JobState state, String note) {
        return values(job, state, note)
                .with(":ttl", now().plus(config.retention()).getEpochSecond());
    }
}
