package dev.holdfast.queue;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.trace.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Consumes one queue: receives as many messages as there are free slots, works on each in a virtual thread of its own,
 * and keeps them hidden from others meanwhile. All threads of a service's message handling are started in this package.
 *
 * <p>{@link #stop} takes it through its phases: {@code RUNNING → DRAINING → FLUSHING → STOPPED}.
 */
public final class QueueConsumer {

    private static final Logger LOG = Logger.getLogger(QueueConsumer.class);

    /** How long interrupted work may take to return its messages. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final QueueUrl queue;
    private final QueueConfig config;
    private final Metrics metrics;
    private final Workbench workbench;
    private final CountDownLatch drained = new CountDownLatch(1);
    private final Poller poller;
    private final List<Thread> hearts;
    private volatile Phase phase = Phase.RUNNING;

    /** What a consumer does with its messages. */
    public enum Phase {
        /** It receives and works. */
        RUNNING,
        /** It receives no more, and gives back at once what it has received but not begun; work in hand goes on. */
        DRAINING,
        /** The time for work is over, or nothing is in work: the last messages are returned or deleted. */
        FLUSHING,
        /** It does nothing any more. */
        STOPPED
    }

    public QueueConsumer(
            SqsClient sqs,
            QueueUrl queue,
            MessageHandler handler,
            QueueConfig config,
            Metrics metrics,
            Tracing tracing) {
        this.queue = queue;
        this.config = config;
        this.metrics = metrics;
        var acknowledger = new Acknowledger(sqs, queue, config.deleteWait(), metrics);
        var slots = new Slots(config.slots());
        this.workbench = new Workbench(queue.name(), handler, config, metrics, tracing, acknowledger, slots);
        this.poller = new Poller(sqs, queue, config, metrics, slots, workbench, acknowledger);
        this.hearts = List.of(heart("heart-", workbench::extend), heart("pulse-", workbench::tell));
    }

    /** Begins to consume. To be called once. */
    public void start() {
        hearts.forEach(Thread::start);
        poller.start();
    }

    /** The queue's name. */
    String queue() {
        return queue.name();
    }

    public Phase phase() {
        return phase;
    }

    /**
     * Whether its polls come back, with messages, without, or with an error, and what is in work is kept; true also
     * while all slots are busy.
     */
    public boolean isAlive() {
        if (phase != Phase.RUNNING) return true;
        return poller.isAlive() && hearts.stream().noneMatch(heart -> heart.getState() == Thread.State.TERMINATED);
    }

    /** Stops several consumers at the same time. */
    public static void stopAll(Collection<QueueConsumer> consumers) throws InterruptedException {
        var stops = new ArrayList<Thread>();
        for (var consumer : consumers) {
            stops.add(Thread.ofVirtual().name("stop-" + consumer.queue.name()).start(consumer::stopQuietly));
        }
        for (var stop : stops) stop.join();
    }

    private void stopQuietly() {
        try {
            stop();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drains and ends within the drain timeout and a few seconds more. Called twice: waits for the same end. */
    public void stop() throws InterruptedException {
        var begun = System.nanoTime();
        var inWork = workbench.size();
        phase = Phase.DRAINING;
        LOG.infof("draining queue=%s inWork=%d", queue.name(), inWork);
        poller.stop();
        var unfinished = workbench.join(config.drainTimeout());
        phase = Phase.FLUSHING;
        if (unfinished > 0) {
            LOG.warnf("drain timeout queue=%s interrupted=%d", queue.name(), unfinished);
            workbench.interruptAll();
            workbench.join(LAST_WORDS);
        }
        drained.countDown();
        for (var heart : hearts) heart.join();
        phase = Phase.STOPPED;
        var took = Duration.ofNanos(System.nanoTime() - begun);
        LOG.infof("drained queue=%s ms=%d interrupted=%d", queue.name(), took.toMillis(), unfinished);
        metrics.drained(queue.name(), took, inWork, unfinished);
    }

    /** What keeps the messages in work: with SQS and with the handler, neither of which waits for the other. */
    @FunctionalInterface
    private interface Beat {
        void beat() throws InterruptedException;
    }

    private Thread heart(String name, Beat beat) {
        return Thread.ofVirtual().name(name + queue.name()).unstarted(() -> keepBeating(beat));
    }

    /** Beats until the last message is settled, every third of the visibility timeout or a little sooner. */
    private void keepBeating(Beat beat) {
        var period = config.visibilityTimeout().dividedBy(3).toMillis();
        try {
            while (!drained.await(
                    ThreadLocalRandom.current().nextLong(period * 3 / 4, period), TimeUnit.MILLISECONDS)) {
                try {
                    beat.beat();
                } catch (RuntimeException failed) { // the next beat may do better; no beat would lose all work
                    LOG.warnf("heartbeat failed queue=%s error=%s", queue.name(), failed);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
