package dev.holdfast.ingest.deadletters;

import dev.holdfast.core.Range;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueSender;
import dev.holdfast.queue.QueueUrl;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Takes what lies on the dead-letter queues into the table, where it can be looked at. A message is deleted after it
 * was stored; one that is collected twice, by this process or another, is one letter.
 */
@Singleton
public final class Collector {

    private static final Logger LOG = Logger.getLogger(Collector.class);

    /** The SQS limit of one request. */
    private static final int BATCH = 10;

    /** How much one queue may take of a pass, before the others get their turn. */
    private static final int MAX_BATCHES = 100;

    /** With a wait, SQS asks all its servers and misses no message. */
    private static final Duration WAIT = Duration.ofSeconds(1);

    private static final Duration VISIBILITY = Duration.ofMinutes(1);
    private static final int STOP_SECONDS = 5;

    private final SqsClient sqs;
    private final QueueNames names;
    private final Map<Origin, QueueUrl> queues = new EnumMap<>(Origin.class);
    private final DeadLetters letters;
    private final JobRecords jobs;
    private final Metrics metrics;
    private final InstantSource clock;
    private final ReentrantLock pass = new ReentrantLock();
    private volatile boolean stopping;

    Collector(
            SqsClient sqs,
            QueueNames names,
            DeadLettersConfig config,
            DeadLetters letters,
            JobRecords jobs,
            Metrics metrics,
            InstantSource clock) {
        Range.check("holdfast.dead-letters.every", config.every(), Duration.ofSeconds(1), Duration.ofHours(1));
        this.sqs = sqs;
        this.names = names;
        this.letters = letters;
        this.jobs = jobs;
        this.metrics = metrics;
        this.clock = clock;
        for (var origin : Origin.values()) {
            queues.put(origin, new QueueUrl(sqs, QueueNames.deadLetters(origin.queue(names))));
        }
    }

    @Scheduled(
            every = "{holdfast.dead-letters.every}",
            delayed = "{holdfast.dead-letters.every}", // resources are being made at the start
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void collect() {
        pass.lock();
        try {
            for (var origin : Origin.values()) empty(origin);
        } finally {
            pass.unlock();
        }
    }

    /** Lets the pass end before the clients are closed: it looks after each batch whether it should. */
    void stop(@Observes ShutdownEvent shutdown) throws InterruptedException {
        stopping = true;
        if (!pass.tryLock(STOP_SECONDS, TimeUnit.SECONDS)) LOG.warn("the collector of dead letters does not stop");
    }

    private void empty(Origin origin) {
        try {
            for (var batch = 0; batch < MAX_BATCHES && !stopping; batch++) {
                var messages = receive(origin);
                if (messages.isEmpty()) return;
                for (var message : messages) keep(letter(origin, message));
                delete(origin, messages);
            }
        } catch (SdkException e) {
            LOG.warnf("collecting dead letters failed, and is tried again queue=%s error=%s", queue(origin), e);
        }
    }

    private List<Message> receive(Origin origin) {
        return sqs.receiveMessage(receive -> receive.queueUrl(url(origin))
                        .maxNumberOfMessages(BATCH)
                        .waitTimeSeconds((int) WAIT.toSeconds())
                        .visibilityTimeout((int) VISIBILITY.toSeconds())
                        .messageAttributeNames(SetAside.REASON, SetAside.RECEIVES, QueueSender.TRACEPARENT)
                        .messageSystemAttributeNames(
                                MessageSystemAttributeName.SENT_TIMESTAMP,
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages();
    }

    /** A message that SQS moved keeps the time it was first sent at: the end of its tries is about now. */
    private DeadLetter letter(Origin origin, Message message) {
        var system = message.attributes();
        var sentAt = Instant.ofEpochMilli(
                Long.parseLong(Objects.requireNonNull(system.get(MessageSystemAttributeName.SENT_TIMESTAMP))));
        var reason = attribute(message, SetAside.REASON);
        return new DeadLetter(
                origin,
                message.messageId(),
                sentAt,
                message.body(),
                false,
                reason.orElse(DeadLetter.RECEIVED_TOO_OFTEN),
                attribute(message, QueueSender.TRACEPARENT),
                Subject.in(message.body()),
                reason.isPresent() ? sentAt : clock.instant(),
                Integer.parseInt(attribute(message, SetAside.RECEIVES)
                        .orElseGet(
                                () -> system.getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"))));
    }

    private static Optional<String> attribute(Message message, String name) {
        return Optional.ofNullable(message.messageAttributes().get(name)).map(MessageAttributeValue::stringValue);
    }

    private void keep(DeadLetter received) {
        var letter = received.about(complete(received.subject()));
        if (!letters.add(letter)) return;
        metrics.deadLetter(queue(letter.origin()));
        LOG.errorf(
                "dead letter queue=%s messageId=%s jobId=%s reason=%s",
                queue(letter.origin()),
                letter.id(),
                letter.subject().job().map(Object::toString).orElse("none"),
                letter.reason());
    }

    /** An event names its job only; the job knows whose it is. */
    private Subject complete(Subject subject) {
        if (subject.tenant().isPresent()) return subject;
        return subject.job().flatMap(jobs::find).map(subject::with).orElse(subject);
    }

    /** What could not be deleted comes again, is found to be there, and is deleted then. */
    private void delete(Origin origin, List<Message> messages) {
        var entries = IntStream.range(0, messages.size())
                .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(messages.get(i).receiptHandle())
                        .build())
                .toList();
        sqs.deleteMessageBatch(delete -> delete.queueUrl(url(origin)).entries(entries));
    }

    private String url(Origin origin) {
        return Objects.requireNonNull(queues.get(origin)).get();
    }

    private String queue(Origin origin) {
        return origin.queue(names);
    }
}
