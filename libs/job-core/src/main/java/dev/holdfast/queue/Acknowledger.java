package dev.holdfast.queue;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.Disposition.SlowDown;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * Tells SQS what becomes of received messages. Deletions of concurrent callers share requests of up to ten; one of the
 * callers waits for company and makes the request, the others are free to go. Whatever fails here costs a duplicate
 * later, which the job table absorbs; so it is logged, never thrown.
 */
final class Acknowledger {

    private static final Logger LOG = Logger.getLogger(Acknowledger.class);
    private static final int BATCH = 10;

    private final SqsClient sqs;
    private final QueueUrl queue;
    private final QueueUrl deadLetters;
    private final Metrics metrics;
    private final MicroBatcher<String, Boolean> deletions;

    Acknowledger(SqsClient sqs, QueueUrl queue, Duration deleteWait, Metrics metrics) {
        this.sqs = sqs;
        this.queue = queue;
        this.metrics = metrics;
        this.deadLetters = new QueueUrl(sqs, QueueNames.deadLetters(queue.name()));
        this.deletions = new MicroBatcher<>(BATCH, deleteWait, this::deleteBatch);
    }

    /** Returns when SQS knows or could not be told, or when another caller has taken it upon itself to tell. */
    void settle(Delivery delivery, Disposition disposition) {
        try {
            switch (disposition) {
                case Delete() -> delete(delivery);
                case Return(var delay) -> makeVisible(delivery, delay);
                case SlowDown(var delay) -> makeVisible(delivery, delay);
                case SetAside(var reason) -> setAside(delivery, reason);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (SdkException e) {
            LOG.warnf("acknowledging failed queue=%s messageId=%s error=%s", queue.name(), delivery.messageId(), e);
        }
    }

    /** Hides messages for another timeout, and returns how many of them were already lost. */
    int extend(List<Delivery> deliveries, Duration timeout) {
        var failed = 0;
        for (var from = 0; from < deliveries.size(); from += BATCH) {
            var batch = deliveries.subList(from, Math.min(from + BATCH, deliveries.size()));
            try {
                failed += extendBatch(batch, timeout);
            } catch (SdkException e) {
                LOG.warnf("heartbeat failed queue=%s messages=%d error=%s", queue.name(), batch.size(), e);
                failed += batch.size();
            }
        }
        return failed;
    }

    private int extendBatch(List<Delivery> batch, Duration timeout) {
        var entries = IntStream.range(0, batch.size())
                .mapToObj(i -> ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(batch.get(i).receipt())
                        .visibilityTimeout((int) timeout.toSeconds())
                        .build())
                .toList();
        return sqs.changeMessageVisibilityBatch(
                        change -> change.queueUrl(queue.get()).entries(entries))
                .failed()
                .size();
    }

    private void delete(Delivery delivery) throws InterruptedException {
        deletions.leave(delivery.receipt());
    }

    /** Deletes them together, then those for which that failed one by one. */
    private List<Boolean> deleteBatch(List<String> receipts) {
        metrics.batchFilled("DeleteMessageBatch", receipts.size());
        var entries = IntStream.range(0, receipts.size())
                .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(i))
                        .receiptHandle(receipts.get(i))
                        .build())
                .toList();
        var response =
                sqs.deleteMessageBatch(delete -> delete.queueUrl(queue.get()).entries(entries));
        for (var failed : response.failed()) deleteAlone(receipts.get(Integer.parseInt(failed.id())));
        return Collections.nCopies(receipts.size(), true);
    }

    private void deleteAlone(String receipt) {
        try {
            sqs.deleteMessage(delete -> delete.queueUrl(queue.get()).receiptHandle(receipt));
        } catch (SdkException e) {
            LOG.warnf("deleting failed queue=%s error=%s", queue.name(), e.getMessage());
        }
    }

    /** SQS counts visibility in whole seconds; a message that returns too early would only lose its claim. */
    private void makeVisible(Delivery delivery, Duration delay) {
        sqs.changeMessageVisibility(change -> change.queueUrl(queue.get())
                .receiptHandle(delivery.receipt())
                .visibilityTimeout((int) delay.plusMillis(999).toSeconds()));
    }

    private void setAside(Delivery delivery, String reason) throws InterruptedException {
        LOG.errorf("message set aside queue=%s messageId=%s reason=%s", queue.name(), delivery.messageId(), reason);
        sqs.sendMessage(send -> send.queueUrl(deadLetters.get())
                .messageBody(delivery.body())
                .messageAttributes(deadLetterAttributes(delivery, reason)));
        delete(delivery);
    }

    private static Map<String, MessageAttributeValue> deadLetterAttributes(Delivery delivery, String reason) {
        var attributes = new HashMap<String, MessageAttributeValue>();
        attributes.put(SetAside.REASON, attribute("String", reason));
        attributes.put(SetAside.RECEIVES, attribute("Number", Integer.toString(delivery.receives())));
        if (!delivery.traceparent().isEmpty()) {
            attributes.put(QueueSender.TRACEPARENT, attribute("String", delivery.traceparent()));
        }
        return attributes;
    }

    private static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }
}
