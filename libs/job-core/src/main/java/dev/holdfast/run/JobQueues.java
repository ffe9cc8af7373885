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
import software.amazon.awssdk.services.sqs.SqsClient;

/** Puts jobs on their lanes and their ends on the events queue. Each call returns when SQS has taken the message. */
public final class JobQueues {

    private final QueueSender quick;
    private final QueueSender bulk;
    private final QueueSender events;

    public JobQueues(SqsClient sqs, QueueNames names, QueueConfig config) {
        quick = new QueueSender(sqs, new QueueUrl(sqs, names.lane(Lane.QUICK)), config.sendWait());
        bulk = new QueueSender(sqs, new QueueUrl(sqs, names.lane(Lane.BULK)), config.sendWait());
        events = new QueueSender(sqs, new QueueUrl(sqs, names.events()), config.sendWait());
    }

    /**
     * Queues a job for its next run. A job that starts later is hidden until then, or for the 15 minutes SQS allows.
     */
    public void enqueue(Job job, Instant now) throws InterruptedException {
        var delay = job.notBefore().map(due -> Duration.between(now, due)).orElse(Duration.ZERO);
        if (delay.isNegative()) delay = Duration.ZERO;
        if (delay.compareTo(Message.MAX_DELAY) > 0) delay = Message.MAX_DELAY;
        var lane = switch (job.spec().type().lane()) {
            case QUICK -> quick;
            case BULK -> bulk;
        };
        lane.send(new Message(JobMessage.body(job.id()), job.tenant(), delay, job.traceparent()));
    }

    /** Announces the end of a job to the notifier, if anybody wants to know. */
    public void announce(Job job) throws InterruptedException {
        if (job.audience().isEmpty()) return;
        events.send(new Message(JobEvent.body(job), job.tenant(), Duration.ZERO, job.traceparent()));
    }
}
