package dev.holdfast.ingest.http;

import dev.holdfast.core.Range;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Holds how many requests of a tenant may wait in this process at the same time: long polls and event streams. */
@Singleton
public final class WaitingRoom {

    private final ConcurrentMap<String, Integer> taken = new ConcurrentHashMap<>();
    private final int seats;

    WaitingRoom(HttpConfig config) {
        Range.check("holdfast.http.waiting-per-tenant", config.waitingPerTenant(), 1, 100_000);
        this.seats = config.waitingPerTenant();
    }

    /** Takes a seat, which the caller gives back by closing it; a problem 429 when there is none. */
    public Seat enter(String tenant) {
        if (taken.merge(tenant, 1, Integer::sum) > seats) {
            leave(tenant);
            throw ProblemException.tooManyRequests(
                    "%d requests of this tenant wait here for jobs already, by ?wait or for events; that is the most."
                            .formatted(seats));
        }
        return new Seat(this, tenant);
    }

    private void leave(String tenant) {
        taken.computeIfPresent(tenant, WaitingRoom::oneLess);
    }

    private static @Nullable Integer oneLess(String tenant, int seats) {
        return seats == 1 ? null : seats - 1;
    }

    /** A place to wait. Closing it twice gives it back once. */
    public static final class Seat implements AutoCloseable {

        private final WaitingRoom room;
        private final String tenant;
        private final AtomicBoolean given = new AtomicBoolean();

        private Seat(WaitingRoom room, String tenant) {
            this.room = room;
            this.tenant = tenant;
        }

        @Override
        public void close() {
            if (given.compareAndSet(false, true)) room.leave(tenant);
        }
    }
}
