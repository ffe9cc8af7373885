package dev.holdfast.queue;

import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** The same work on many things at the same time, each in a virtual thread of its own. */
public final class InParallel {

    private InParallel() {}

    /**
     * What the work makes of each of the things, in their order. Returns when all are done.
     *
     * @param work must not throw
     * @throws InterruptedException when the caller is interrupted; the work is then as well
     */
    public static <T, R> List<R> map(List<T> things, Function<T, R> work) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<R>();
            for (Future<R> one : threads.invokeAll(
                    things.stream().map(thing -> work(work, thing)).toList())) {
                done.add(one.get());
            }
            return done;
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        }
    }

    private static <T, R> Callable<R> work(Function<T, R> work, T thing) {
        return Context.current().wrap(() -> work.apply(thing)); // of the caller's trace
    }
}
