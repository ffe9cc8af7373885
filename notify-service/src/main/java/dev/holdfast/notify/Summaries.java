package dev.holdfast.notify;

import dev.holdfast.job.JobError;
import dev.holdfast.job.JobState;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailSettings.Period;
import dev.holdfast.notify.mail.MailWriter.Summary;
import dev.holdfast.notify.mail.MailWriter.Tally;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobIndex.Position;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sums up what a digest tells. */
@Singleton
final class Summaries {

    /** Jobs that one digest looks at; of a tenant that has more, it tells of the newest. */
    private static final int LOOKED_AT = 20_000;

    private static final int PAGE = 100;
    private static final int FAILURES_SHOWN = 10;

    private final JobIndex index;

    Summaries(JobIndex index) {
        this.index = index;
    }

    /** The jobs of the digest's tenant and time; parts of jobs are not counted beside these. */
    Summary of(Alert alert) {
        var since = Instant.parse(alert.fact(Fact.SINCE));
        var until = Instant.parse(alert.fact(Fact.UNTIL));
        var period = alert.fact(Fact.PERIOD).split(" ", 2);
        var states = new HashMap<JobState, Long>();
        var failures = new HashMap<String, Long>();
        var below = Optional.<Position>empty();
        for (var left = LOOKED_AT; left > 0; left -= PAGE) {
            var page = index.newest(alert.tenant(), since, until.minusMillis(1), below, PAGE);
            for (var job : page.jobs()) {
                if (job.parent().isPresent()) continue;
                states.merge(job.state(), 1L, Long::sum);
                if (job.state() != JobState.FAILED) continue;
                var code = job.error().map(JobError::code).orElse("");
                failures.merge(job.spec().type().wireName() + ": " + code, 1L, Long::sum);
            }
            below = page.next();
            if (below.isEmpty()) break;
        }
        var open = states.entrySet().stream()
                .filter(entry -> !entry.getKey().isFinal())
                .mapToLong(Map.Entry::getValue)
                .sum();
        return new Summary(
                since,
                until,
                ZoneId.of(period[1]),
                Period.valueOf(period[0]),
                states.getOrDefault(JobState.SUCCEEDED, 0L),
                states.getOrDefault(JobState.FAILED, 0L),
                open,
                failures.entrySet().stream()
                        .map(entry -> new Tally(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparingLong(Tally::jobs).reversed())
                        .limit(FAILURES_SHOWN)
                        .toList());
    }
}
