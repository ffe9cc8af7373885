package dev.holdfast.restic;

import dev.holdfast.restic.format.ResticException;

/** Follows one operation, and can stop it. */
public final class Progress {
    /** Is told often, by the thread that runs the operation: must return quickly. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Something was done.
         *
         * @param files how many are finished; for checks and maintenance: packs or snapshots
         * @param bytes how many were read, plain
         * @param current what is being worked on, for people
         */
        void at(long files, long bytes, String current);
    }

    private final Listener listener;
    private volatile boolean cancelled;
    private volatile long files;
    private volatile long bytes;
    private String current = "";

    public Progress(Listener listener) {
        this.listener = listener;
    }

    /** Tells nobody. */
    public static Progress silent() {
        return new Progress((_, _, _) -> {});
    }

    /** Makes the operation throw {@link ResticException.Cancelled} soon. May be called by any thread. */
    public void cancel() {
        cancelled = true;
    }

    public long files() {
        return files;
    }

    public long bytes() {
        return bytes;
    }

    void check() {
        if (cancelled || Thread.currentThread().isInterrupted()) throw new ResticException.Cancelled();
    }

    void start(String path) {
        current = path;
        check();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void addBytes(long count) {
        bytes += count;
        check();
        listener.at(files, bytes, current);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void finishFile() {
        files++;
        listener.at(files, bytes, current);
    }
}
