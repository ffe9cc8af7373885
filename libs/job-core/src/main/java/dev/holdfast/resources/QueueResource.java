package dev.holdfast.resources;

import dev.holdfast.queue.QueueNames;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/** A queue and its dead-letter queue. Both keep messages for 14 days, the SQS limit. */
public record QueueResource(SqsClient sqs, String name) implements Resource {

    /** A last net only, the SQS limit: how often a job is tried is decided by its record. */
    static final int MAX_RECEIVE_COUNT = 1_000;

    private static final Logger LOG = Logger.getLogger(QueueResource.class);
    private static final String RETENTION = Long.toString(Duration.ofDays(14).toSeconds());

    @Override
    public String describe() {
        return "queue " + name;
    }

    @Override
    public void provision() {
        if (exists()) return;
        var deadLetters =
                create(QueueNames.deadLetters(name), Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, RETENTION));
        var arn = sqs.getQueueAttributes(get -> get.queueUrl(deadLetters).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        create(
                name,
                Map.of(
                        QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                        RETENTION,
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(arn, MAX_RECEIVE_COUNT)));
        LOG.infof("created queue %s", name);
    }

    /** Creates a queue; one that another service has just made otherwise is taken as it is. */
    private String create(String queue, Map<QueueAttributeName, String> attributes) {
        try {
            return sqs.createQueue(create -> create.queueName(queue).attributes(attributes))
                    .queueUrl();
        } catch (QueueNameExistsException already) {
            return sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        }
    }

    @Override
    public boolean exists() {
        try {
            sqs.getQueueUrl(get -> get.queueName(name));
            return true;
        } catch (QueueDoesNotExistException none) {
            return false;
        }
    }
}
