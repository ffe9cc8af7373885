package dev.holdfast.notify;

import dev.holdfast.job.JobError;
import dev.holdfast.job.JobState;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.MailSettings.Period;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.notify.mail.MailWriter.Summary;
import dev.holdfast.notify.mail.MailWriter.Tally;
import dev.holdfast.run.JobQueues;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobIndex.Position;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Asks for the digests that are due, and sums up what they tell. Every notifier does so: that a digest is asked for
 * twice makes no second mail of it.
 */
@Singleton
final class Digests {

    private static final Logger LOG = Logger.getLogger(Digests.class);

    /** Jobs that one digest looks at; of a tenant that has more, it tells of the newest. */
    private static final int LOOKED_AT = 20_000;

    private static final int PAGE = 100;
    private static final int FAILURES_SHOWN = 10;

    private final MailSettingsTable settings;
    private final JobQueues queues;
    private final JobIndex index;

    Digests(MailSettingsTable settings, JobQueues queues, JobIndex index) {
        this.settings = settings;
        this.queues = queues;
        this.index = index;
    }

    @Scheduled(
            every = "{holdfast.notify.every}",
            delayed = "{holdfast.notify.every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void look() throws InterruptedException {
        try {
            for (var due : settings.due()) {
                var digest = due.digest();
                var facts = Map.of(
                        Fact.SINCE, digest.since(due.at()).toString(),
                        Fact.UNTIL, due.at().toString(),
                        Fact.PERIOD, digest.every().name() + " " + digest.timezone());
                queues.alert(
                        Alert.of(MailKind.DIGEST, due.tenant(), due.at().toString(), digest.email(), due.at(), facts),
                        Duration.ZERO);
                settings.digested(due);
            }
        } catch (SdkException e) {
            LOG.warnf("looking for digests failed, and is tried again error=%s", e.getMessage());
        }
    }

    Summary summary(Alert alert) {
        var since = Instant.parse(alert.fact(Fact.SINCE));
        var until = Instant.parse(alert.fact(Fact.UNTIL));
        var period = alert.fact(Fact.PERIOD).split(" ", 2);
        var states = new HashMap<JobState, Long>();
        var failures = new HashMap<String, Long>();
        var below = Optional.<Position>empty();
        for (var left = LOOKED_AT; left > 0; left -= PAGE) {
            var page = index.newest(alert.tenant(), since, until.minusMillis(1), below, PAGE);
            for (var job : page.jobs()) {
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
