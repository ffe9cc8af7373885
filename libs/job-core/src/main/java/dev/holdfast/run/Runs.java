package dev.holdfast.run;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Delivery;
import dev.holdfast.run.Run.Stop;
import dev.holdfast.table.JobTable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.exception.SdkException;

/** The runs of this process: keeps their leases, and stops those that must not go on. Thread-safe. */
final class Runs {

    /** How long a stopped handler may take to notice, before its slot is given to other work. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    /** A message is gone 12 hours after its receipt (the SQS limit on visibility), whatever its heartbeat says. */
    private static final Duration MESSAGE_LIFE = Duration.ofHours(11);

    private final JobTable table;
    private final JobQueues queues;
    private final Metrics metrics;
    private final Map<Delivery, Live> live = new ConcurrentHashMap<>();

    Runs(JobTable table, JobQueues queues, Metrics metrics) {
        this.table = table;
        this.queues = queues;
        this.metrics = metrics;
    }

    /** A run and its place; {@code resends}: the fresh messages that it has sent for its job. */
    private static final class Live {
        private final Run run;
        private final Admission.Place place;
        private int resends;

        private Live(Run run, Admission.Place place) {
            this.run = run;
            this.place = place;
        }
    }

    void begin(Delivery delivery, Run run, Admission.Place place) {
        live.put(delivery, new Live(run, place));
    }

    /** Waits for a heartbeat that is under way: it must not take an ended job for a lost one. */
    void end(Delivery delivery) {
        var ended = live.get(delivery);
        if (ended == null) return;
        synchronized (ended) {
            live.remove(delivery);
        }
    }

    /**
     * Sees after the run of a message, if there is one: stops it when it must not go on, and renews its lease when half
     * of that is over.
     *
     * @return a run whose handler does not heed that it was stopped; it is no longer among the runs then
     */
    Optional<Run> beat(Delivery delivery) throws InterruptedException {
        var beating = live.get(delivery);
        if (beating == null) return Optional.empty();
        synchronized (beating) {
            if (!live.containsKey(delivery)) return Optional.empty();
            var run = beating.run;
            run.overdue().ifPresent(run::stop);
            if (run.overrun().compareTo(GRACE) > 0) {
                live.remove(delivery);
                beating.place.close();
                return Optional.of(run);
            }
            if (run.leaseIsHalfOver()) renew(run);
            resend(beating);
        }
        return Optional.empty();
    }

    private void renew(Run run) {
        try {
            table.renew(run.job(), run.progress())
                    .ifPresentOrElse(
                            job -> {
                                run.renewed(job.leaseUntil().orElseThrow());
                                if (job.cancelRequested()) run.stop(Stop.CANCELLED);
                            },
                            () -> lose(run));
        } catch (SdkException unreachable) {
            if (run.leaseIsOver()) lose(run); // another may have taken the job over
            throw unreachable;
        }
    }

    private void lose(Run run) {
        if (run.stopped().isEmpty()) metrics.leaseLost(run.job().spec().type());
        run.stop(Stop.LOST);
    }

    /** The fresh message finds the job held and comes again and again; it is there when the old one is gone. */
    private void resend(Live beating) throws InterruptedException {
        var age = beating.run.age();
        if (age.compareTo(MESSAGE_LIFE.multipliedBy(beating.resends + 1L)) < 0) return;
        queues.enqueue(beating.run.job(), Duration.ZERO);
        beating.resends++;
    }
}
