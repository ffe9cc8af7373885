package dev.holdfast.ingest.schedules;

import dev.holdfast.core.Range;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.queue.NotSentException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Looks for schedules that are due, every second. All ingest processes do, and none leads: they begin at random moments
 * and in random order, so that mostly one finds a tick before the others do; that two find it is harmless.
 */
@Singleton
public final class Ticker {

    private static final Logger LOG = Logger.getLogger(Ticker.class);
    private static final int PAGE = 100;

    /** The scheduler wakes all processes at the full second. */
    private static final int SPREAD_MILLIS = 300;

    private static final int STOP_SECONDS = 5;

    private final ScheduleTable table;
    private final Firing firing;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ReentrantLock pass = new ReentrantLock();
    private volatile boolean stopping;

    Ticker(ScheduleTable table, Firing firing, SchedulesConfig config, InstantSource clock, RandomGenerator random) {
        Range.check("holdfast.schedules.every", config.every(), Duration.ofSeconds(1), Duration.ofMinutes(5));
        this.table = table;
        this.firing = firing;
        this.clock = clock;
        this.random = random;
    }

    @Scheduled(
            every = "{holdfast.schedules.every}",
            delayed = "{holdfast.schedules.every}", // resources are being made at the start
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void look() throws InterruptedException {
        Thread.sleep(random.nextInt(SPREAD_MILLIS));
        pass.lock();
        try {
            var moved = true; // what is due by then, or still, is looked for again
            while (moved && !stopping) moved = fireAll();
        } catch (SdkException e) {
            LOG.warnf("looking for schedules failed, and is tried again error=%s", e);
        } finally {
            pass.unlock();
        }
    }

    /** Lets the pass end before the clients are closed. */
    void stop(@Observes ShutdownEvent shutdown) throws InterruptedException {
        stopping = true;
        if (!pass.tryLock(STOP_SECONDS, TimeUnit.SECONDS)) LOG.warn("the ticker of schedules does not stop");
    }

    /** Returns whether a schedule has moved on. */
    private boolean fireAll() throws InterruptedException {
        var due = new ArrayList<>(table.due(clock.instant(), PAGE));
        Collections.shuffle(due, random);
        var moved = false;
        for (var id : due) {
            if (stopping) break;
            moved |= fire(id);
        }
        return moved;
    }

    /** One that cannot fire stays due, and does not keep the others. */
    private boolean fire(String id) throws InterruptedException {
        try {
            var schedule = table.find(id);
            return schedule.isPresent() && firing.fire(schedule.get());
        } catch (SdkException | NotSentException | ProblemException e) {
            LOG.warnf("schedule not fired, and is tried again scheduleId=%s error=%s", id, e);
            return false;
        }
    }
}
