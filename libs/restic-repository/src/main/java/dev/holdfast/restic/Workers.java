package dev.holdfast.restic;

import dev.holdfast.restic.format.ResticException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The only class that starts threads: a few platform threads, each with a state of its own (ciphers, buffers), and a
 * bound on the bytes that wait or are in work. Whoever submits more waits: that is the back-pressure of the library.
 *
 * @param <S> the state of one thread
 */
final class Workers<S> implements AutoCloseable {
    private static final int UNIT_BYTES = 1024;

    private final List<Thread> threads = new ArrayList<>();
    private final LinkedBlockingQueue<Job<S>> queue = new LinkedBlockingQueue<>();
    private final Semaphore budget;
    private final int budgetUnits;
    private volatile Optional<Throwable> failure = Optional.empty();
    private volatile boolean stopped;

    /** Work for one thread. */
    @FunctionalInterface
    interface Task<S> {
        void run(S state);
    }

    private record Job<S>(Task<S> task, int units) {}

    /** {@code budgetBytes} bounds the weights of all tasks that are not finished; one heavier than all still runs. */
    Workers(String name, int count, int budgetBytes, Supplier<S> state) {
        this.budgetUnits = Math.max(1, budgetBytes / UNIT_BYTES);
        this.budget = new Semaphore(budgetUnits);
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(() -> work(state.get())));
        }
    }

    private void work(S state) {
        try {
            while (!stopped) {
                var job = queue.take();
                try {
                    if (failure.isEmpty()) job.task().run(state);
                } catch (RuntimeException | Error e) {
                    if (failure.isEmpty()) failure = Optional.of(e);
                } finally {
                    budget.release(job.units());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Hands a task over, after waiting until {@code weightBytes} fit into the budget. Every task runs after this,
     * unless another one fails.
     *
     * @throws RuntimeException what an earlier task threw
     */
    void submit(int weightBytes, Task<S> task) {
        rethrow();
        int units = Math.clamp(weightBytes / UNIT_BYTES + 1, 1, budgetUnits);
        try {
            budget.acquire(units);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResticException.Cancelled();
        }
        queue.add(new Job<>(task, units));
    }

    /** Waits until all tasks are done; throws what one of them threw. */
    void await() {
        try {
            budget.acquire(budgetUnits);
            budget.release(budgetUnits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResticException.Cancelled();
        }
        rethrow();
    }

    private void rethrow() {
        var thrown = failure;
        if (thrown.isEmpty()) return;
        switch (thrown.get()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown.get());
        }
    }

    /** Stops the threads, finished or not, and waits for them. */
    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (var thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
