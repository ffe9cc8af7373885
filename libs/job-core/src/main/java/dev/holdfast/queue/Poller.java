package dev.holdfast.queue;

import dev.holdfast.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Long polls one queue for as many messages as there are free slots, with several polls at a time while there is a
 * backlog, and lays them on the workbench.
 */
final class Poller {

    private static final Logger LOG = Logger.getLogger(Poller.class);

    /** Messages that one call can bring (the SQS limit). */
    private static final int MAX_RECEIVE = 10;

    /** Polls beside the first that may be under way while there is more to fetch than one poll brings at a time. */
    private static final int MAX_HELPERS = 7;

    /** How long a poll that is under way at shutdown may go on: cutting it off can strand messages for a timeout. */
    private static final Duration LAST_POLL = Duration.ofSeconds(2);

    /** A poll that has not come back for so many wait times never will. */
    private static final int LOST_POLL = 3;

    private final SqsClient sqs;
    private final QueueUrl queue;
    private final QueueConfig config;
    private final Metrics metrics;
    private final Slots slots;
    private final Workbench workbench;
    private final Acknowledger acknowledger;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread first;
    private final Set<Thread> helpers = ConcurrentHashMap.newKeySet();
    private volatile long receivingSince;

    Poller(
            SqsClient sqs,
            QueueUrl queue,
            QueueConfig config,
            Metrics metrics,
            Slots slots,
            Workbench workbench,
            Acknowledger acknowledger) {
        this.sqs = sqs;
        this.queue = queue;
        this.config = config;
        this.metrics = metrics;
        this.slots = slots;
        this.workbench = workbench;
        this.acknowledger = acknowledger;
        this.first = Thread.ofVirtual().name("poll-" + queue.name()).unstarted(this::poll);
    }

    void start() {
        first.start();
    }

    /** Returns when nothing is received any more. What comes until then goes back at once. */
    void stop() throws InterruptedException {
        stopping.countDown();
        if (!first.join(LAST_POLL)) first.interrupt();
        first.join();
        for (var helper : helpers) helper.join();
    }

    /** Whether polls come back, however they end. */
    boolean isAlive() {
        if (first.getState() == Thread.State.TERMINATED) return false;
        var patience = config.waitTime().multipliedBy(LOST_POLL).toNanos();
        var since = receivingSince;
        return since == 0 || System.nanoTime() - since < patience;
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
            } catch (RuntimeException e) {
                if (stopping.getCount() == 0) return;
                LOG.warnf("receive failed queue=%s error=%s", queue.name(), e);
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
        } catch (RuntimeException e) { // the poller meets it as well, and knows how to wait
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
