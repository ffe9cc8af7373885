package dev.holdfast.ingest.quotas;

import java.util.ArrayList;
import java.util.List;

/** What was taken from quotas for one job. For one thread. */
public final class Ticket implements AutoCloseable {

    private final List<Runnable> returns = new ArrayList<>();

    Ticket() {}

    void onReturn(Runnable action) {
        returns.add(action);
    }

    /** The job was accepted, and is a new one: nothing is given back. */
    public void use() {
        returns.clear();
    }

    @Override
    public void close() {
        returns.forEach(Runnable::run);
        returns.clear();
    }
}
