package dev.holdfast.queue;

import dev.holdfast.aws.AwsFailure;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SlowDown;
import dev.holdfast.trace.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The messages of one queue that are in work: each in a virtual thread of its own, hidden from others meanwhile, and
 * settled once. Whoever takes a message out of {@link #inWork} settles it and gives its slot back.
 */
final class Workbench {

    private static final Logger LOG = Logger.getLogger(Workbench.class);

    private final String queue;
    private final MessageHandler handler;
    private final QueueConfig config;
    private final Metrics metrics;
    private final Tracing tracing;
    private final Acknowledger acknowledger;
    private final Slots slots;
    private final Set<Delivery> inWork = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    Workbench(
            String queue,
            MessageHandler handler,
            QueueConfig config,
            Metrics metrics,
            Tracing tracing,
            Acknowledger acknowledger,
            Slots slots) {
        this.queue = queue;
        this.handler = handler;
        this.config = config;
        this.metrics = metrics;
        this.tracing = tracing;
        this.acknowledger = acknowledger;
        this.slots = slots;
        metrics.slots(queue, inWork::size, slots::limit);
    }

    /** Begins to work on a message, for which the caller has taken a slot. */
    void begin(Delivery delivery) {
        var thread = Thread.ofVirtual().name(queue + "-" + delivery.messageId()).unstarted(() -> work(delivery));
        inWork.add(delivery);
        threads.add(thread);
        thread.start();
    }

    private void work(Delivery delivery) {
        try {
            var disposition = handle(delivery);
            if (inWork.remove(delivery)) settle(delivery, disposition);
        } finally {
            threads.remove(Thread.currentThread());
        }
    }

    private Disposition handle(Delivery delivery) {
        try {
            return tracing.isOn() ? handleTraced(delivery) : handler.handle(delivery);
        } catch (InterruptedException stop) {
            return new Return(Duration.ZERO);
        } catch (Exception e) {
            LOG.warnf("message returned queue=%s messageId=%s error=%s", queue, delivery.messageId(), e);
            LOG.debug("returned because of", e);
            var delay = Backoff.after(delivery.receives(), Duration.ofMinutes(5));
            var throttled = AwsFailure.of(e).filter(AwsFailure.THROTTLE::equals).isPresent();
            return throttled ? new SlowDown(delay) : new Return(delay);
        } catch (Error fatal) {
            inWork.remove(delivery); // it looks like the end of a process, and is treated as one: nothing is settled
            slots.release(1);
            throw fatal;
        }
    }

    /** How long a message was hidden before it came again, is for those to tell who know why. */
    private Disposition handleTraced(Delivery delivery) throws InterruptedException {
        var trace = delivery.traceparent();
        if (delivery.receives() == 1) tracing.waited(queue, trace, delivery.sentAt(), Instant.now());
        var processing = tracing.processing(queue, delivery.messageId(), delivery.receives(), trace);
        return processing.around(() -> {
            var disposition = handler.handle(delivery);
            processing.with("holdfast.disposition", disposition.toString());
            return disposition;
        });
    }

    private void settle(Delivery delivery, Disposition disposition) {
        if (disposition instanceof SlowDown) slots.throttled();
        else slots.worked();
        slots.release(1);
        if (disposition instanceof Disposition.SetAside) metrics.messageSetAside(queue);
        acknowledger.settle(delivery, disposition);
    }

    /** Keeps all messages in work hidden. */
    void extend() throws InterruptedException {
        var lost = acknowledger.extend(List.copyOf(inWork), config.visibilityTimeout());
        for (var i = 0; i < lost; i++) metrics.heartbeatFailed(queue);
    }

    /** Tells the handler that the messages are still in work, of all at once: no lease waits for another's. */
    void tell() throws InterruptedException {
        for (var told : InParallel.map(List.copyOf(inWork), this::tell)) {
            if (!told) metrics.heartbeatFailed(queue);
        }
    }

    private boolean tell(Delivery delivery) {
        if (!inWork.contains(delivery)) return true;
        try {
            var disposition = handler.heartbeat(delivery);
            if (disposition.isPresent() && inWork.remove(delivery)) settle(delivery, disposition.get());
            return true;
        } catch (RuntimeException e) { // whatever it is, the others' leases must go on
            LOG.warnf("heartbeat failed queue=%s messageId=%s error=%s", queue, delivery.messageId(), e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Waits until all work is done and settled; returns how much is not. */
    int join(Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        for (var thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) break;
        }
        return (int) threads.stream().filter(Thread::isAlive).count();
    }

    void interruptAll() {
        threads.forEach(Thread::interrupt);
    }

    int size() {
        return inWork.size();
    }
}
