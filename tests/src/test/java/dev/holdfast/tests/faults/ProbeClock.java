package dev.holdfast.tests.faults;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The clock of a process, wrong by as much as somebody wants. Thread-safe. */
final class ProbeClock implements InstantSource {

    private final AtomicReference<Duration> skew;

    ProbeClock(Duration skew) {
        this.skew = new AtomicReference<>(skew);
    }

    /** From now on it is later by so much. */
    void jump(Duration ahead) {
        skew.updateAndGet(ahead::plus);
    }

    @Override
    public Instant instant() {
        return InstantSource.system().instant().plus(skew.get());
    }
}
