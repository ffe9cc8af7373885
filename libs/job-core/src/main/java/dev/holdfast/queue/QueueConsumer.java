package dev.holdfast.queue;

import dev.holdfast.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Consumes one queue: long polls for as many messages as there are free slots, works on each in a virtual thread of its
 * own, and keeps them hidden from others meanwhile.
 *
 * <p>{@link #stop} drains: no more receiving; what is in work may finish, and is acknowledged; only then the heartbeat
 * ends. All threads of a service's message handling are started here.
 */
public final class QueueConsumer {

    private static final Logger LOG = Logger.getLogger(QueueConsumer.class);
    private static final int MAX_RECEIVE = 10;

    /** How long a poll that is under way at shutdown may go on: cutting it off can strand messages for a timeout. */
    private static final Duration LAST_POLL = Duration.ofSeconds(1);

    /** How long interrupted work may take to return its messages. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final SqsClient sqs;
    private final QueueUrl queue;
    private final MessageHandler handler;
    private final QueueConfig config;
    private final Metrics metrics;
    private final Acknowledger acknowledger;
    private final Semaphore slots;
    private final Map<Delivery, Thread> inWork = new ConcurrentHashMap<>();
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch drained = new CountDownLatch(1);
    private final Thread poller;
    private final Thread heart;

    public QueueConsumer(SqsClient sqs, QueueUrl queue, MessageHandler handler, QueueConfig config, Metrics metrics) {
        this.sqs = sqs;
        this.queue = queue;
        this.handler = handler;
        this.config = config;
        this.metrics = metrics;
        this.acknowledger = new Acknowledger(sqs, queue, config.deleteWait());
        this.slots = new Semaphore(config.slots());
        this.poller = Thread.ofVirtual().name("poll-" + queue.name()).unstarted(this::poll);
        this.heart = Thread.ofVirtual().name("heart-" + queue.name()).unstarted(this::beat);
        metrics.slotsBusy(queue.name(), inWork::size);
    }

    /** Begins to consume. To be called once. */
    public void start() {
        heart.start();
        poller.start();
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
        stopping.countDown();
        if (!poller.join(LAST_POLL)) poller.interrupt();
        poller.join();
        var unfinished = joinAll(config.drainTimeout());
        if (!unfinished.isEmpty()) {
            LOG.warnf("drain timeout queue=%s interrupted=%d", queue.name(), unfinished.size());
            unfinished.forEach(Thread::interrupt);
            joinAll(LAST_WORDS);
        }
        drained.countDown();
        heart.join();
    }

    private List<Thread> joinAll(Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        for (var worker : workers) {
            if (!worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) break;
        }
        return workers.stream().filter(Thread::isAlive).toList();
    }

    private void poll() {
        var failures = 0;
        while (stopping.getCount() > 0) {
            var wanted = 0;
            try {
                wanted = acquireSlots();
                var messages = receive(wanted);
                metrics.received(queue.name(), messages.size());
                for (var message : messages) {
                    wanted--;
                    begin(message);
                }
                failures = 0;
            } catch (InterruptedException stop) {
                return;
            } catch (SdkException e) {
                if (stopping.getCount() == 0) return;
                LOG.warnf("receive failed queue=%s error=%s", queue.name(), e.getMessage());
                pause(++failures);
            } finally {
                slots.release(wanted);
            }
        }
    }

    /** Waits for one free slot, and takes up to ten. */
    private int acquireSlots() throws InterruptedException {
        slots.acquire();
        var wanted = 1;
        while (wanted < MAX_RECEIVE && slots.tryAcquire()) wanted++;
        return wanted;
    }

    private List<Message> receive(int wanted) {
        return sqs.receiveMessage(receive -> receive.queueUrl(queue.get())
                        .maxNumberOfMessages(wanted)
                        .waitTimeSeconds((int) config.waitTime().toSeconds())
                        .visibilityTimeout((int) config.visibilityTimeout().toSeconds())
                        .messageAttributeNames(QueueSender.TRACEPARENT)
                        .messageSystemAttributeNames(
                                MessageSystemAttributeName.SENT_TIMESTAMP,
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages();
    }

    private void pause(int failures) {
        try {
            stopping.await(backoff(failures, Duration.ofSeconds(30)).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Doubles from two seconds to the cap, and takes half of it to all of it, so that no herd returns together. */
    private static Duration backoff(int failures, Duration cap) {
        var millis = Math.min(cap.toMillis(), 1_000L << Math.min(failures, 20));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
    }

    private void begin(Message message) {
        var delivery = delivery(message);
        var worker = Thread.ofVirtual()
                .name(queue.name() + "-" + delivery.messageId())
                .unstarted(() -> work(delivery));
        inWork.put(delivery, worker);
        workers.add(worker);
        worker.start();
    }

    private void work(Delivery delivery) {
        try {
            Disposition disposition;
            try {
                disposition = handler.handle(delivery);
            } catch (InterruptedException stop) {
                disposition = new Disposition.Return(Duration.ZERO);
            } catch (Exception e) {
                LOG.warnf("message returned queue=%s messageId=%s error=%s", queue.name(), delivery.messageId(), e);
                LOG.debug("returned because of", e);
                disposition = new Disposition.Return(backoff(delivery.receives(), Duration.ofMinutes(5)));
            } finally {
                inWork.remove(delivery);
                slots.release();
            }
            if (disposition instanceof Disposition.SetAside) metrics.messageSetAside(queue.name());
            acknowledger.settle(delivery, disposition);
        } finally {
            workers.remove(Thread.currentThread());
        }
    }

    /** Keeps messages in work hidden, and tells the handler, until the last of them is settled. */
    private void beat() {
        var period = config.visibilityTimeout().dividedBy(3).toMillis();
        try {
            while (!drained.await(period, TimeUnit.MILLISECONDS)) {
                var deliveries = List.copyOf(inWork.keySet());
                var lost = acknowledger.extend(deliveries, config.visibilityTimeout());
                for (var i = 0; i < lost; i++) metrics.heartbeatFailed(queue.name());
                deliveries.stream().filter(inWork::containsKey).forEach(this::tell);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Delivery delivery) {
        try {
            handler.heartbeat(delivery);
        } catch (SdkException e) {
            LOG.warnf("heartbeat failed queue=%s messageId=%s error=%s", queue.name(), delivery.messageId(), e);
            metrics.heartbeatFailed(queue.name());
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
