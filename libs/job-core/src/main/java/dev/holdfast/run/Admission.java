package dev.holdfast.run;

import dev.holdfast.job.JobType;
import dev.holdfast.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Bulkheads within a worker. No type of job holds more than three quarters of its lane's slots if other types were seen
 * on the lane within the last minute; the same holds for tenants. So a dependency that hangs, or a tenant with a huge
 * backlog, leaves room for the rest. Thread-safe.
 */
public final class Admission {

    private static final Duration MEMORY = Duration.ofMinutes(1);

    /**
     * How long a message waits here for a place. To send it away costs two requests and a second or more of its time;
     * among short jobs a place is free in a moment. Meanwhile it keeps a slot from the others.
     */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final int slots;
    private final InstantSource clock;
    private final Duration patience;
    private final Map<Lane, Map<JobType, Share>> byType = new EnumMap<>(Lane.class);
    private final Map<Lane, Map<String, Share>> byTenant = new EnumMap<>(Lane.class);

    /** @param slots of each lane, from 1 */
    public Admission(int slots, InstantSource clock) {
        this(slots, clock, PATIENCE);
    }

    Admission(int slots, InstantSource clock, Duration patience) {
        this.slots = slots;
        this.clock = clock;
        this.patience = patience;
        for (var lane : Lane.values()) {
            byType.put(lane, new EnumMap<>(JobType.class));
            byTenant.put(lane, new HashMap<>());
        }
    }

    /** What a type or a tenant has of a lane. */
    private static final class Share {
        private int held;
        private int waiting;
        private Instant seenAt = Instant.MIN;
    }

    /** A place taken. Closing it twice gives it back once. */
    public final class Place implements AutoCloseable {
        private final Share type;
        private final Share tenant;
        private boolean open = true;

        private Place(Share type, Share tenant) {
            this.type = type;
            this.tenant = tenant;
        }

        @Override
        public void close() {
            synchronized (Admission.this) {
                if (!open) return;
                open = false;
                type.held--;
                tenant.held--;
                Admission.this.notifyAll();
            }
        }
    }

    /** Takes a place for a job of that type and tenant; empty when there was none for a while: it has to come again. */
    public synchronized Optional<Place> enter(JobType type, String tenant) throws InterruptedException {
        var types = Objects.requireNonNull(byType.get(type.lane()));
        var tenants = Objects.requireNonNull(byTenant.get(type.lane()));
        var ofType = seen(types, type);
        var ofTenant = seen(tenants, tenant);
        if (!await(() -> ofType.held < limit(types) && ofTenant.held < limit(tenants), ofType, ofTenant)) {
            return Optional.empty();
        }
        ofType.held++;
        ofTenant.held++;
        return Optional.of(new Place(ofType, ofTenant));
    }

    private <K> Share seen(Map<K, Share> shares, K who) {
        var share = shares.computeIfAbsent(who, any -> new Share());
        share.seenAt = clock.instant();
        var oldest = share.seenAt.minus(MEMORY);
        shares.values().removeIf(one -> one.held + one.waiting == 0 && one.seenAt.isBefore(oldest));
        return share;
    }

    private boolean await(BooleanSupplier free, Share ofType, Share ofTenant) throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        ofType.waiting++;
        ofTenant.waiting++;
        try {
            for (var left = patience.toNanos(); !free.getAsBoolean(); left = deadline - System.nanoTime()) {
                if (left <= 0) return false;
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } finally {
            ofType.waiting--;
            ofTenant.waiting--;
        }
    }

    /**
     * When a message that found no place comes again: after a tenth of a second times the square of its receives, at
     * least 1 s and at most 10 min, less up to half of that by chance. A message is received for other reasons too, so
     * the wait grows slowly: among the last ones of a large job each of them keeps the whole waiting. And it grows: the
     * 200 receives that a queue grants are not used up in less than half a day.
     */
    static Duration comesAgain(int receives, RandomGenerator random) {
        var longest = Math.clamp(100L * receives * receives, SHORTEST_WAIT.toMillis(), LONGEST_WAIT.toMillis());
        return Duration.ofMillis(random.nextLong(longest / 2, longest + 1));
    }

    private int limit(Map<?, Share> shares) {
        return shares.size() > 1 ? Math.max(1, slots * 3 / 4) : slots;
    }
}
