package dev.holdfast.queue;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A queue's name, and its URL as SQS tells it when first asked. Thread-safe; asks once. */
public final class QueueUrl {

    private final SqsClient sqs;
    private final String name;
    private volatile @Nullable String url;

    public QueueUrl(SqsClient sqs, String name) {
        this.sqs = sqs;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /**
     * The URL; throws {@link software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException} if there is none.
     */
    public String get() {
        var known = url;
        if (known == null) {
            known = sqs.getQueueUrl(get -> get.queueName(name)).queueUrl();
            url = known;
        }
        return known;
    }
}
