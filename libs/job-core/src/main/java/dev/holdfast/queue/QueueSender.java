package dev.holdfast.queue;

import dev.holdfast.trace.Traced;
import dev.holdfast.trace.Tracing;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Sends messages to one queue. Messages of concurrent callers share requests of up to ten. Thread-safe. */
public final class QueueSender {

    /** The attribute under which the trace travels. */
    public static final String TRACEPARENT = "traceparent";

    /** The SQS limit of one request. */
    private static final int MAX_BATCH = 10;

    private final SqsClient sqs;
    private final QueueUrl queue;
    private final Tracing tracing;
    private final MicroBatcher<Message, Optional<BatchResultErrorEntry>> batcher;

    public QueueSender(SqsClient sqs, QueueUrl queue, Duration maxWait, Tracing tracing) {
        this.sqs = sqs;
        this.queue = queue;
        this.tracing = tracing;
        this.batcher = new MicroBatcher<>(MAX_BATCH, maxWait, this::sendBatch);
    }

    /**
     * Returns when SQS has taken the message durably.
     *
     * @throws NotSentException when SQS refused this message of its batch
     * @throws software.amazon.awssdk.core.exception.SdkException when the request failed; the message may or may not
     *     have been taken
     */
    public void send(Message message) throws InterruptedException {
        var sending = tracing.sending(queue.name(), message.traceparent());
        check(sending.around(() -> {
            var refused = batcher.submit(within(sending, message));
            refused.ifPresent(error -> sending.failed(error.code()));
            return refused;
        }));
    }

    private static Message within(Traced sending, Message message) {
        return message.within(sending.traceparent(message.traceparent()));
    }

    /** Sends messages of one caller, ten to a request; throws as {@link #send} does, and may have sent some by then. */
    public void sendAll(List<Message> messages) {
        for (var from = 0; from < messages.size(); from += MAX_BATCH) {
            sendTogether(messages.subList(from, Math.min(from + MAX_BATCH, messages.size())))
                    .forEach(QueueSender::check);
        }
    }

    /** Each is seen in its own trace, and the request in that of the first. */
    private List<Optional<BatchResultErrorEntry>> sendTogether(List<Message> batch) {
        if (!tracing.isOn()) return sendBatch(batch);
        var sendings = batch.stream()
                .map(message -> tracing.sending(queue.name(), message.traceparent()))
                .toList();
        var messages = IntStream.range(0, batch.size())
                .mapToObj(i -> within(sendings.get(i), batch.get(i)))
                .toList();
        try {
            return sendings.getFirst().around(() -> sendBatch(messages));
        } finally {
            sendings.stream().skip(1).forEach(Traced::end);
        }
    }

    private static void check(Optional<BatchResultErrorEntry> refused) {
        refused.ifPresent(error -> {
            throw new NotSentException(error.code() + ": " + error.message());
        });
    }

    private List<Optional<BatchResultErrorEntry>> sendBatch(List<Message> messages) {
        var entries = IntStream.range(0, messages.size())
                .mapToObj(i -> entry(Integer.toString(i), messages.get(i)))
                .toList();
        var response = sqs.sendMessageBatch(send -> send.queueUrl(queue.get()).entries(entries));
        var answers = new java.util.ArrayList<>(
                Collections.nCopies(messages.size(), Optional.<BatchResultErrorEntry>empty()));
        for (var failed : response.failed()) answers.set(Integer.parseInt(failed.id()), Optional.of(failed));
        return answers;
    }

    private static SendMessageBatchRequestEntry entry(String id, Message message) {
        return SendMessageBatchRequestEntry.builder()
                .id(id)
                .messageBody(message.body())
                .messageGroupId(message.group())
                .delaySeconds((int) message.delay().toSeconds())
                .messageAttributes(Map.of(
                        TRACEPARENT,
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(message.traceparent())
                                .build()))
                .build();
    }
}
