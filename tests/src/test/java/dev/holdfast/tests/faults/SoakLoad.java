package dev.holdfast.tests.faults;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that ask for new users at a steady rate, each under a key of its own. A tenth of them asks twice, a tenth
 * wants somebody else told as well, a third has steps to do; who gets no promise asks again until there is one.
 */
final class SoakLoad implements AutoCloseable {

    /** Who gets no promise asks again after this, and waits twice as long each time, up to {@link #LONGEST_PAUSE}. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

    private final Recorder recorder;
    private final Random random;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    private SoakLoad(Recorder recorder, long seed) {
        this.recorder = recorder;
        this.random = new Random(seed);
    }

    static SoakLoad start(Recorder recorder, SoakOptions options) {
        var load = new SoakLoad(recorder, options.seed());
        var period = TimeUnit.SECONDS.toMicros(1) / options.jobsPerSecond();
        var _ = load.timer.scheduleAtFixedRate(load::ask, 0, period, TimeUnit.MICROSECONDS);
        return load;
    }

    /** Users that were asked for. */
    int asked() {
        return asked.get();
    }

    /** Clients that have no promise yet. */
    int open() {
        return open.get();
    }

    private void ask() {
        var number = asked.incrementAndGet();
        var user = Registration.of("soak-" + number);
        if (random.nextInt(10) == 0) user = user.telling("boss-" + number + "@faults.example");
        if (random.nextInt(3) == 0) {
            user = user.with(ProbeOrders.STEPS, 1 + random.nextInt(5))
                    .with(ProbeOrders.STEP_MILLIS, random.nextInt(400));
        }
        var times = random.nextInt(10) == 0 ? 2 : 1;
        var request = user;
        open.addAndGet(times);
        for (var i = 0; i < times; i++) Thread.ofVirtual().start(() -> insist(request));
    }

    private void insist(Registration request) {
        try {
            var pause = FIRST_PAUSE;
            var answer = recorder.submit(request, request.username());
            while (!answer.promised()) {
                if (answer.status() / 100 == 4) throw new IllegalStateException("refused for good: " + answer);
                Thread.sleep(pause);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                answer = recorder.submit(request, request.username());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    /** No new clients; those that wait for a promise go on. */
    @Override
    public void close() {
        timer.close();
    }
}
