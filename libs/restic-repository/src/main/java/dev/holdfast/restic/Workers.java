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
 * bound on what waits or is in work. Whoever submits more waits: that is the back-pressure of the library.
 *
 * @param <S> the state of one thread
 */
final class Workers<S> implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final LinkedBlockingQueue<Job<S>> queue = new LinkedBlockingQueue<>();
    private final Semaphore budget;
    private final int maxWeight;
    private volatile Optional<Throwable> failure = Optional.empty();
    private volatile boolean stopped;

    /** Work for one thread. */
    @FunctionalInterface
    interface Task<S> {
        void run(S state);
    }

    private record Job<S>(Task<S> task, int weight) {}

    /** {@code maxWeight} bounds the sum of the weights of all tasks that are not finished. */
    Workers(String name, int count, int maxWeight, Supplier<S> state) {
        this.maxWeight = maxWeight;
        this.budget = new Semaphore(maxWeight);
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
                    budget.release(job.weight());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Hands a task over, after waiting until its weight, from 1, fits; one heavier than all may be waits for all
     * others. Every task runs after this, unless another one fails.
     *
     * @throws RuntimeException what an earlier task threw
     */
    void submit(int weight, Task<S> task) {
        rethrow();
        int taken = Math.min(weight, maxWeight);
        try {
            budget.acquire(taken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResticException.Cancelled();
        }
        queue.add(new Job<>(task, taken));
    }

    /** Waits until all tasks are done; throws what one of them threw. */
    void await() {
        try {
            budget.acquire(maxWeight);
            budget.release(maxWeight);
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
