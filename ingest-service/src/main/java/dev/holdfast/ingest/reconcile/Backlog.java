package dev.holdfast.ingest.reconcile;

import dev.holdfast.job.Lane;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueUrl;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What waits on the lanes, as SQS counts it (approximately).
 *
 * @param waiting messages that no worker has received yet, those that are held back included
 */
record Backlog(Map<Lane, Long> waiting) {

    private static final Logger LOG = Logger.getLogger(Backlog.class);

    /**
     * SQS allows about 120,000 messages in flight on a queue (its quota), and beyond that answers long polls as if the
     * queue were empty.
     */
    private static final long IN_FLIGHT_ALARM = 110_000;

    /** Asks SQS, and reports the figures. */
    static Backlog read(SqsClient sqs, QueueNames names, Metrics metrics) {
        var waiting = new EnumMap<Lane, Long>(Lane.class);
        for (var lane : Lane.values()) {
            var name = names.lane(lane);
            var attributes = sqs.getQueueAttributes(get -> get.queueUrl(new QueueUrl(sqs, name).get())
                            .attributeNames(
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                    .attributes();
            var visible = number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
            var delayed = number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
            var hidden = number(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
            waiting.put(lane, visible + delayed);
            metrics.depth(name, visible, hidden);
            if (hidden >= IN_FLIGHT_ALARM) {
                LOG.errorf("queue near its limit of messages in flight queue=%s inFlight=%d", name, hidden);
            }
        }
        return new Backlog(waiting);
    }

    boolean isEmpty(Lane lane) {
        return Objects.requireNonNull(waiting.get(lane)) == 0;
    }

    private static long number(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
        return Long.parseLong(attributes.getOrDefault(name, "0"));
    }
}
