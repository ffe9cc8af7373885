package dev.holdfast.queue;

import dev.holdfast.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Consumes one queue: long polls for as many messages as there are free slots, with several polls at a time while there
 * is a backlog, works on each message in a virtual thread of its own, and keeps them hidden from others meanwhile. All
 * threads of a service's message handling are started in this package.
 *
 * <p>{@link #stop} takes it through its phases: {@code RUNNING → DRAINING → FLUSHING → STOPPED}.
 */
public final class QueueConsumer {

    private static final Logger LOG = Logger.getLogger(QueueConsumer.class);
    private static final int MAX_RECEIVE = 10;

    /** Polls beside the first that may be under way while there is more to fetch than one poll brings at a time. */
    private static final int MAX_HELPERS = 7;

    /** How long a poll that is under way at shutdown may go on: cutting it off can strand messages for a timeout. */
    private static final Duration LAST_POLL = Duration.ofSeconds(2);

    /** How long interrupted work may take to return its messages. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /** A poll that has not come back for so many wait times never will. */
    private static final int LOST_POLL = 3;

    private final SqsClient sqs;
    private final QueueUrl queue;
    private final QueueConfig config;
    private final Metrics metrics;
    private final Acknowledger acknowledger;
    private final Slots slots;
    private final Workbench workbench;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch drained = new CountDownLatch(1);
    private final Thread poller;
    private final Set<Thread> helpers = ConcurrentHashMap.newKeySet();
    private final Thread heart;
    private volatile Phase phase = Phase.RUNNING;
    private volatile long receivingSince;

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

    public QueueConsumer(SqsClient sqs, QueueUrl queue, MessageHandler handler, QueueConfig config, Metrics metrics) {
        this.sqs = sqs;
        this.queue = queue;
        this.config = config;
        this.metrics = metrics;
        this.acknowledger = new Acknowledger(sqs, queue, config.deleteWait(), metrics);
        this.slots = new Slots(config.slots());
        this.workbench = new Workbench(queue.name(), handler, config, metrics, acknowledger, slots);
        this.poller = Thread.ofVirtual().name("poll-" + queue.name()).unstarted(this::poll);
        this.heart = Thread.ofVirtual().name("heart-" + queue.name()).unstarted(this::beat);
    }

    /** Begins to consume. To be called once. */
    public void start() {
        heart.start();
        poller.start();
    }

    /** The queue's name. */
    String queue() {
        return queue.name();
    }

    public Phase phase() {
        return phase;
    }

    /** Whether its polls come back, with messages, without, or with an error; true also while all slots are busy. */
    public boolean isAlive() {
        var patience = config.waitTime().multipliedBy(LOST_POLL).toNanos();
        var since = receivingSince;
        return since == 0 || System.nanoTime() - since < patience;
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
        stopping.countDown();
        if (!poller.join(LAST_POLL)) poller.interrupt();
        poller.join();
        for (var helper : helpers) helper.join();
        var unfinished = workbench.join(config.drainTimeout());
        phase = Phase.FLUSHING;
        if (unfinished > 0) {
            LOG.warnf("drain timeout queue=%s interrupted=%d", queue.name(), unfinished);
            workbench.interruptAll();
            workbench.join(LAST_WORDS);
        }
        drained.countDown();
        heart.join();
        phase = Phase.STOPPED;
        metrics.drained(queue.name(), Duration.ofNanos(System.nanoTime() - begun), inWork, unfinished);
    }

    /** One poll at a time keeps a quiet queue cheap; helpers join in while polls come back full. */
    private void poll() {
        var failures = 0;
        var full = 0;
        while (stopping.getCount() > 0) {
            try {
                full = receive(slots.acquire(MAX_RECEIVE), config.waitTime()) == MAX_RECEIVE ? full + 1 : 0;
                if (full > 1 && helpers.size() < MAX_HELPERS) callHelper();
                failures = 0;
            } catch (InterruptedException stop) {
                return;
            } catch (SdkException e) {
                if (stopping.getCount() == 0) return;
                LOG.warnf("receive failed queue=%s error=%s", queue.name(), e.getMessage());
                pause(++failures);
            }
        }
    }

    private void callHelper() {
        var helper = Thread.ofVirtual().name("poll-more-" + queue.name()).unstarted(this::help);
        helpers.add(helper);
        helper.start();
    }

    /** Polls without waiting, as long as a full poll's slots are free and polls come back full. */
    private void help() {
        try {
            while (stopping.getCount() > 0 && slots.tryAcquire(MAX_RECEIVE)) {
                if (receive(MAX_RECEIVE, Duration.ZERO) < MAX_RECEIVE) return;
            }
        } catch (SdkException e) { // the poller meets it as well, and knows how to wait
            LOG.debugf("helper gives up queue=%s error=%s", queue.name(), e.getMessage());
        } finally {
            helpers.remove(Thread.currentThread());
        }
    }

    /** Fetches messages for slots that were taken, begins to work on them, and returns how many came. */
    private int receive(int wanted, Duration wait) {
        var taken = wanted;
        try {
            var messages = wait.isZero() ? call(wanted, wait) : longPoll(wanted, wait);
            metrics.received(queue.name(), messages.size());
            for (var message : messages) {
                taken--;
                take(delivery(message));
            }
            return messages.size();
        } finally {
            slots.release(taken);
        }
    }

    private void take(Delivery delivery) {
        if (delivery.receives() == 1) metrics.waited(queue.name(), delivery.age());
        if (stopping.getCount() > 0) {
            workbench.begin(delivery);
        } else {
            slots.release(1);
            acknowledger.settle(delivery, new Disposition.Return(Duration.ZERO));
        }
    }

    private List<Message> longPoll(int wanted, Duration wait) {
        receivingSince = System.nanoTime();
        try {
            return call(wanted, wait);
        } finally {
            receivingSince = 0;
        }
    }

    private List<Message> call(int wanted, Duration wait) {
        return sqs.receiveMessage(receive -> receive.queueUrl(queue.get())
                        .maxNumberOfMessages(wanted)
                        .waitTimeSeconds((int) wait.toSeconds())
                        .visibilityTimeout((int) config.visibilityTimeout().toSeconds())
                        .messageAttributeNames(QueueSender.TRACEPARENT)
                        .messageSystemAttributeNames(
                                MessageSystemAttributeName.SENT_TIMESTAMP,
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages();
    }

    private void pause(int failures) {
        try {
            stopping.await(Backoff.after(failures, Duration.ofSeconds(30)).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Beats until the last message is settled, every third of the visibility timeout or a little sooner. */
    private void beat() {
        var period = config.visibilityTimeout().dividedBy(3).toMillis();
        try {
            while (!drained.await(
                    ThreadLocalRandom.current().nextLong(period * 3 / 4, period), TimeUnit.MILLISECONDS)) {
                workbench.beat();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static Delivery delivery(Message message) {
        var traceparent = message.messageAttributes().get(QueueSender.TRACEPARENT);
        var sentAt = number(message, MessageSystemAttributeName.SENT_TIMESTAMP, 0);
        var receives = number(message, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, 1);
        return new Delivery(
                message.messageId(),
                message.receiptHandle(),
                message.body(),
                (int) receives,
                Instant.ofEpochMilli(sentAt),
                traceparent == null ? "" : traceparent.stringValue());
    }

    private static long number(Message message, MessageSystemAttributeName name, long otherwise) {
        var value = message.attributes().get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }
}
