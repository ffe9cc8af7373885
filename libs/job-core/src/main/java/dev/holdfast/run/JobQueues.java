package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.Lane;
import dev.holdfast.queue.Message;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueSender;
import dev.holdfast.queue.QueueUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Puts jobs on their lanes and their ends on the events queue. Each call returns when SQS has taken the message. */
public final class JobQueues {

    private final Map<Lane, QueueSender> lanes = new EnumMap<>(Lane.class);
    private final QueueSender events;

    public JobQueues(SqsClient sqs, QueueNames names, QueueConfig config) {
        for (var lane : Lane.values()) {
            lanes.put(lane, new QueueSender(sqs, new QueueUrl(sqs, names.lane(lane)), config.sendWait()));
        }
        events = new QueueSender(sqs, new QueueUrl(sqs, names.events()), config.sendWait());
    }

    /**
     * Queues a job for its next run. A job that starts later is hidden until then, or for the 15 minutes SQS allows.
     */
    public void enqueue(Job job, Instant now) throws InterruptedException {
        var delay = job.notBefore().map(due -> Duration.between(now, due)).orElse(Duration.ZERO);
        if (delay.isNegative()) delay = Duration.ZERO;
        if (delay.compareTo(Message.MAX_DELAY) > 0) delay = Message.MAX_DELAY;
        lanes.get(job.spec().type().lane())
                .send(new Message(JobMessage.body(job.id()), job.tenant(), delay, job.traceparent()));
    }

    /** Announces the end of a job to the notifier, if anybody wants to know. */
    public void announce(Job job) throws InterruptedException {
        if (job.audience().isEmpty()) return;
        events.send(new Message(JobEvent.body(job), job.tenant(), Duration.ZERO, job.traceparent()));
    }
}
