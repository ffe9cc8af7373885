package dev.holdfast.ingest.access;

import dev.holdfast.dynamo.Item;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One who shares the installation with others, and sees nothing of them.
 *
 * @param suspendedAt since when its keys open nothing; empty: they do
 * @param quotas its own, before what the configuration gives to all
 */
public record Tenant(String name, Instant createdAt, Optional<Instant> suspendedAt, Quotas quotas) {

    /** The form of a name: it is part of names of objects in the bucket. */
    public static final String NAME = "^[a-z0-9][a-z0-9-]{0,62}$";

    static final Pattern NAME_PATTERN = Pattern.compile(NAME);

    private static final String REQUESTS = "requests_per_second";
    private static final String OPEN_JOBS = "open_jobs";
    private static final String BYTES = "bytes_per_day";

    public boolean isSuspended() {
        return suspendedAt.isPresent();
    }

    Item item() {
        var item = Item.empty()
                .with("pk", TenantTable.TENANTS)
                .with("sk", name)
                .with("created_at", createdAt)
                .withTime("suspended_at", suspendedAt);
        quotas.requestsPerSecond().ifPresent(most -> item.with(REQUESTS, most));
        quotas.openJobs().ifPresent(most -> item.with(OPEN_JOBS, most));
        quotas.bytesPerDay().ifPresent(most -> item.with(BYTES, most));
        return item;
    }

    static Tenant of(Item item) {
        return new Tenant(
                item.text("sk"),
                item.optionalTime("created_at").orElse(Instant.EPOCH),
                item.optionalTime("suspended_at"),
                new Quotas(
                        number(item, REQUESTS).map(Math::toIntExact),
                        number(item, OPEN_JOBS).map(Math::toIntExact),
                        number(item, BYTES)));
    }

    private static Optional<Long> number(Item item, String name) {
        return item.has(name) ? Optional.of(item.number(name)) : Optional.empty();
    }
}
