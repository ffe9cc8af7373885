package dev.holdfast.ingest.reconcile;

import dev.holdfast.catalog.Leases;
import dev.holdfast.core.Range;
import dev.holdfast.ingest.access.TenantTable;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.QueueNames;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Sends the messages that accepted jobs lack. One ingest process at a time does it; that two do is harmless, because a
 * second message is absorbed.
 */
@Singleton
public final class Reconciler {

    private static final Logger LOG = Logger.getLogger(Reconciler.class);
    private static final String LEASE = "reconciler";

    private final Leases leases;
    private final TenantTable tenants;
    private final DueJobs dueJobs;
    private final MissingMessages missing;
    private final SqsClient sqs;
    private final QueueNames names;
    private final ReconcilerConfig config;
    private final Metrics metrics;
    private final InstantSource clock;

    Reconciler(
            Leases leases,
            TenantTable tenants,
            DueJobs dueJobs,
            MissingMessages missing,
            SqsClient sqs,
            QueueNames names,
            ReconcilerConfig config,
            Metrics metrics,
            InstantSource clock) {
        Range.check("holdfast.reconciler.every", config.every(), Duration.ofSeconds(1), Duration.ofMinutes(5));
        Range.check("holdfast.reconciler.after", config.after(), Duration.ofSeconds(10), Duration.ofDays(1));
        this.leases = leases;
        this.tenants = tenants;
        this.dueJobs = dueJobs;
        this.missing = missing;
        this.sqs = sqs;
        this.names = names;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Scheduled(
            every = "{holdfast.reconciler.every}",
            delayed = "{holdfast.reconciler.every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void reconcile() throws InterruptedException {
        var begun = clock.instant();
        try {
            if (leases.hold(LEASE, config.every().multipliedBy(3))) pass(begun);
            metrics.reconciled(clock.instant());
        } catch (SdkException e) {
            LOG.warnf("reconciling failed, and is tried again error=%s", e);
        }
    }

    private void pass(Instant now) throws InterruptedException {
        var ahead = config.every().multipliedBy(3);
        dueJobs.queue(now, ahead.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofMinutes(1) : ahead);
        var backlog = Backlog.read(sqs, names, metrics);
        for (var tenant : tenants.names()) missing.resend(tenant, now.minus(config.after()), backlog);
    }
}
