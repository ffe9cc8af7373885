package dev.holdfast.queue;

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
    private final MicroBatcher<Message, Optional<BatchResultErrorEntry>> batcher;

    public QueueSender(SqsClient sqs, QueueUrl queue, Duration maxWait) {
        this.sqs = sqs;
        this.queue = queue;
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
        check(batcher.submit(message));
    }

    /** Sends messages of one caller, ten to a request; throws as {@link #send} does, and may have sent some by then. */
    public void sendAll(List<Message> messages) {
        for (var from = 0; from < messages.size(); from += MAX_BATCH) {
            sendBatch(messages.subList(from, Math.min(from + MAX_BATCH, messages.size())))
                    .forEach(QueueSender::check);
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
