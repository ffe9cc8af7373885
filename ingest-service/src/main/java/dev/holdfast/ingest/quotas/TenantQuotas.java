package dev.holdfast.ingest.quotas;

import dev.holdfast.core.Range;
import dev.holdfast.ingest.access.Quotas;
import dev.holdfast.ingest.access.Tenant;
import dev.holdfast.ingest.access.TenantTable;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.metrics.Metrics;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.function.LongSupplier;

/** Takes what a request costs from its tenant's quotas. Where a tenant has no quota, this costs nothing. */
@Singleton
@Startup
public final class TenantQuotas {

    private final TenantTable tenants;
    private final RequestRate requests;
    private final OpenJobs openJobs;
    private final DailyBytes bytes;
    private final Metrics metrics;
    private final Quotas defaults;

    /** Throws {@link IllegalArgumentException} naming a setting that is out of its range. */
    TenantQuotas(
            TenantTable tenants,
            RequestRate requests,
            OpenJobs openJobs,
            DailyBytes bytes,
            Metrics metrics,
            QuotasConfig config) {
        config.requestsPerSecond()
                .ifPresent(rate -> Range.check("holdfast.quotas.requests-per-second", rate, 1, 100_000));
        config.openJobs().ifPresent(most -> Range.check("holdfast.quotas.open-jobs", most, 1, 1_000_000));
        config.bytesPerDay().ifPresent(most -> Range.check("holdfast.quotas.bytes-per-day", most, 1L, 1L << 50));
        this.tenants = tenants;
        this.requests = requests;
        this.openJobs = openJobs;
        this.bytes = bytes;
        this.metrics = metrics;
        this.defaults = new Quotas(config.requestsPerSecond(), config.openJobs(), config.bytesPerDay());
    }

    /** The quotas that hold for a tenant: its own, and where it has none, those of the configuration. */
    public Quotas of(Tenant tenant) {
        return tenant.quotas().or(defaults);
    }

    private Quotas of(String tenant) {
        return tenants.known(tenant).map(this::of).orElse(defaults);
    }

    /** A request; a problem 429 when it comes too soon. */
    void admitRequest(String tenant) {
        var rate = of(tenant).requestsPerSecond();
        if (rate.isPresent()) counted("requests", () -> requests.take(tenant, rate.get()));
    }

    /** An upload; a problem 429 when it is more than the day's rest. */
    public void admitUpload(String tenant, long size) {
        var most = of(tenant).bytesPerDay();
        if (most.isPresent()) counted("bytes", () -> bytes.take(tenant, most.get(), size));
    }

    /**
     * A job that is to be submitted; a problem 429 when there may be no more. What it takes is given back when the
     * ticket is closed without having been used.
     *
     * @param size of the job in bytes, asked for only if it counts
     */
    public Ticket admitJob(String tenant, LongSupplier size) {
        var quotas = of(tenant);
        var ticket = new Ticket();
        try {
            quotas.bytesPerDay().ifPresent(most -> {
                var taken = size.getAsLong();
                counted("bytes", () -> bytes.take(tenant, most, taken));
                ticket.onReturn(() -> bytes.giveBack(tenant, taken));
            });
            quotas.openJobs().ifPresent(most -> {
                counted("open-jobs", () -> openJobs.take(tenant, most));
                ticket.onReturn(() -> openJobs.giveBack(tenant));
            });
            return ticket;
        } catch (RuntimeException refused) {
            ticket.close();
            throw refused;
        }
    }

    private void counted(String quota, Runnable take) {
        try {
            take.run();
        } catch (ProblemException refused) {
            metrics.quotaRefused(quota);
            throw refused;
        }
    }
}
