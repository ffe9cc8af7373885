package dev.holdfast.run;

import dev.holdfast.job.JobType;
import dev.holdfast.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Bulkheads within a worker. No type of job holds more than three quarters of its lane's slots if the lane has other
 * types; and no tenant more than three quarters if other tenants were seen on the lane within the last minute. So a
 * dependency that hangs, or a tenant with a huge backlog, leaves room for the rest. Thread-safe.
 */
public final class Admission {

    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final int slots;
    private final InstantSource clock;
    private final Map<JobType, Integer> byType = new EnumMap<>(JobType.class);
    private final Map<Lane, Map<String, Tenant>> byTenant = new EnumMap<>(Lane.class);

    /** @param slots of each lane, from 1 */
    public Admission(int slots, InstantSource clock) {
        this.slots = slots;
        this.clock = clock;
        for (var lane : Lane.values()) byTenant.put(lane, new HashMap<>());
    }

    private static final class Tenant {
        private int held;
        private Instant seenAt = Instant.MIN;
    }

    /** A place taken. Closing it twice gives it back once. */
    public final class Place implements AutoCloseable {
        private final JobType type;
        private final Tenant tenant;
        private boolean open = true;

        private Place(JobType type, Tenant tenant) {
            this.type = type;
            this.tenant = tenant;
        }

        @Override
        public void close() {
            synchronized (Admission.this) {
                if (!open) return;
                open = false;
                byType.merge(type, -1, Integer::sum);
                tenant.held--;
            }
        }
    }

    /** Takes a place for a job of that type and tenant; empty when it has to come again later. */
    public synchronized Optional<Place> enter(JobType type, String tenantName) {
        var tenants = Objects.requireNonNull(byTenant.get(type.lane()));
        var tenant = tenants.computeIfAbsent(tenantName, any -> new Tenant());
        tenant.seenAt = clock.instant();
        forget(tenants);
        if (byType.getOrDefault(type, 0) >= limit(hasOtherTypes(type))) return Optional.empty();
        if (tenant.held >= limit(tenants.size() > 1)) return Optional.empty();
        byType.merge(type, 1, Integer::sum);
        tenant.held++;
        return Optional.of(new Place(type, tenant));
    }

    private void forget(Map<String, Tenant> tenants) {
        var oldest = clock.instant().minus(MEMORY);
        tenants.values().removeIf(tenant -> tenant.held == 0 && tenant.seenAt.isBefore(oldest));
    }

    private int limit(boolean shared) {
        return shared ? Math.max(1, slots * 3 / 4) : slots;
    }

    private static boolean hasOtherTypes(JobType type) {
        return Arrays.stream(JobType.values()).anyMatch(other -> other != type && other.lane() == type.lane());
    }
}
