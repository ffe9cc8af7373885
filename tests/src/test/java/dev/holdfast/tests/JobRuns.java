package dev.holdfast.tests;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.JobMessage;
import dev.holdfast.run.JobRunner;
import dev.holdfast.run.Run;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What tests of the way of a job share: a runner on a real table, and a clock that they move. */
abstract class JobRuns {

    static final Core CORE = Core.start();
    static final Outcome DONE = new Outcome.Succeeded(new JobResult.Registered("u-1"));

    final AtomicInteger runs = new AtomicInteger();

    /** As the consumer does it: on a thread of its own. */
    static Optional<Disposition> beat(JobRunner runner, Delivery delivery) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return runner.heartbeat(delivery);
                            } catch (InterruptedException never) {
                                throw new IllegalStateException(never);
                            }
                        },
                        task -> Thread.startVirtualThread(task))
                .join();
    }

    Outcome never(Run run) {
        throw new AssertionError("nothing to run");
    }

    Disposition handle(JobId id, JobHandler handler) throws InterruptedException {
        return CORE.runner(run -> {
                    runs.incrementAndGet();
                    return handler.handle(run);
                })
                .handle(delivery(JobMessage.body(job(id))));
    }

    static Delivery delivery(String body) {
        return new Delivery("m-1", "r-1", body, 1, CORE.now, "");
    }

    static JobId submitted() {
        return submitted(CORE.job("x"));
    }

    static JobId submitted(Job job) {
        CORE.jobs.submit(job);
        return job.id();
    }

    static Job job(JobId id) {
        return CORE.jobs.find(id).orElseThrow();
    }
}
