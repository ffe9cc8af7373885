package dev.holdfast.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The contestants' processes, each started when its first turn comes; between its turns it does nothing. */
final class Racers implements AutoCloseable {

    private final Map<String, Racer> started = new HashMap<>();

    Racer of(Entry entry, Supplier<Racer> start) {
        return started.computeIfAbsent(entry.name(), absent -> start.get());
    }

    @Override
    public void close() {
        started.values().forEach(Racer::close);
    }
}
