package dev.holdfast.ingest.reconcile;

import dev.holdfast.catalog.Leases;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobState;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.run.JobQueues;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobIndex.Position;
import dev.holdfast.table.JobTable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Finds accepted jobs that nobody has claimed although they should long have been, because their message was never
 * sent. Every job is read once, some time after its acceptance; a job that merely waits in a backlog is read again
 * until the backlog has passed it.
 */
@Singleton
final class MissingMessages {

    private static final Logger LOG = Logger.getLogger(MissingMessages.class);
    private static final int PAGE = 200;

    /** SQS keeps no strict order: a job is taken for overtaken only by one that is so much younger. */
    private static final Duration OUT_OF_ORDER = Duration.ofMinutes(1);

    /** How far it looks for such a one. */
    private static final Duration HORIZON = Duration.ofDays(14);

    private final JobIndex index;
    private final JobTable table;
    private final JobQueues queues;
    private final Leases leases;
    private final Metrics metrics;

    MissingMessages(JobIndex index, JobTable table, JobQueues queues, Leases leases, Metrics metrics) {
        this.index = index;
        this.table = table;
        this.queues = queues;
        this.leases = leases;
        this.metrics = metrics;
    }

    /** Looks at the tenant's jobs that were accepted until then, from where it ended the last time. */
    void resend(String tenant, Instant until, Backlog backlog) throws InterruptedException {
        var chore = "reconciler#" + tenant;
        var from = leases.reached(chore).orElse(Instant.EPOCH);
        if (from.isAfter(until)) return;
        var behind = Optional.<Position>empty();
        do {
            var page = index.accepted(tenant, from, until, behind, PAGE);
            for (var job : page.jobs()) {
                if (!isUnclaimed(job)) continue;
                if (!isMissing(job, backlog)) {
                    leases.reach(chore, job.createdAt());
                    return;
                }
                queues.enqueue(job, Duration.ZERO);
                metrics.resent(job.spec().type());
                LOG.warnf(
                        "message sent again jobId=%s type=%s",
                        job.id(), job.spec().type().wireName());
            }
            behind = page.next();
            leases.reach(chore, behind.map(Position::at).orElse(until.plusMillis(1)));
        } while (behind.isPresent());
    }

    private boolean isUnclaimed(Job job) {
        var waits = job.state() == JobState.QUEUED || job.state() == JobState.SCHEDULED;
        return waits && job.fence() == 0 && !job.waitsInTable() && isWanted(job);
    }

    /** A child is wanted if its parent waits for it: a run that was replaced leaves children that nobody waits for. */
    private boolean isWanted(Job job) {
        if (job.parent().isEmpty()) return true;
        return table.find(job.parent().get())
                .filter(parent -> parent.state() == JobState.WAITING)
                .flatMap(parent -> parent.children()
                        .map(children -> children.ids(parent.id()).contains(job.id())))
                .orElse(false);
    }

    private boolean isMissing(Job job, Backlog backlog) {
        var lane = job.spec().type().lane();
        var younger = job.createdAt().plus(OUT_OF_ORDER);
        return backlog.isEmpty(lane)
                || index.accepted(job.tenant(), younger, younger.plus(HORIZON), Optional.empty(), PAGE).jobs().stream()
                        .anyMatch(other -> other.spec().type().lane() == lane && other.fence() > 0);
    }
}
