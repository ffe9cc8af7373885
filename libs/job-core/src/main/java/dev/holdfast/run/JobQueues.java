package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.Lane;
import dev.holdfast.mail.Alert;
import dev.holdfast.queue.Message;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueSender;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.trace.Traceparent;
import dev.holdfast.trace.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Puts jobs on their lanes and their ends on the events queue. Each call returns when SQS has taken the message. */
public final class JobQueues {

    private final QueueSender quick;
    private final QueueSender bulk;
    private final QueueSender events;
    private final QueueSender webhooks;

    public JobQueues(SqsClient sqs, QueueNames names, QueueConfig config, Tracing tracing) {
        quick = new QueueSender(sqs, new QueueUrl(sqs, names.lane(Lane.QUICK)), config.sendWait(), tracing);
        bulk = new QueueSender(sqs, new QueueUrl(sqs, names.lane(Lane.BULK)), config.sendWait(), tracing);
        events = new QueueSender(sqs, new QueueUrl(sqs, names.events()), config.deleteWait(), tracing);
        webhooks = new QueueSender(sqs, new QueueUrl(sqs, names.webhooks()), config.deleteWait(), tracing);
    }

    /**
     * Queues a job for its next run.
     *
     * @param delay how long its message is held back; more than the 15 minutes that SQS allows is cut to them
     */
    public void enqueue(Job job, Duration delay) throws InterruptedException {
        lane(job).send(message(job, delay));
    }

    /** Queues jobs for their next runs, all at once. */
    public void enqueueAll(List<Job> jobs) {
        for (var lane : Lane.values()) {
            var messages = jobs.stream()
                    .filter(job -> job.spec().type().lane() == lane)
                    .map(job -> message(job, Duration.ZERO))
                    .toList();
            lane(lane).sendAll(messages);
        }
    }

    private QueueSender lane(Job job) {
        return lane(job.spec().type().lane());
    }

    private QueueSender lane(Lane lane) {
        return switch (lane) {
            case QUICK -> quick;
            case BULK -> bulk;
        };
    }

    private static Message message(Job job, Duration delay) {
        return new Message(JobMessage.body(job), job.tenant(), allowed(delay), job.traceparent());
    }

    /**
     * Gives the notifier something to tell.
     *
     * @param delay how long it is held back; more than the 15 minutes that SQS allows is cut to them
     */
    public void alert(Alert alert, Duration delay) throws InterruptedException {
        var trace = Traceparent.current().orElseGet(JobQueues::newTrace);
        events.send(new Message(alert.body(), alert.tenant(), allowed(delay), trace));
    }

    /** One that nobody looks at. */
    private static String newTrace() {
        var trace = UUID.randomUUID().toString().replace("-", "");
        return "00-%s-%s-00".formatted(trace, trace.substring(16));
    }

    /** Announces the end of a job to the notifier, if anybody wants to know: readers of mails, or webhooks. */
    public void announce(Job job) throws InterruptedException {
        if (!job.audience().isEmpty() || job.isAlarming()) {
            events.send(new Message(JobEvent.body(job), job.tenant(), Duration.ZERO, job.traceparent()));
        }
        if (job.isHeard()) webhooks.send(message(WebhookCall.of(job), job, Duration.ZERO));
    }

    /** Asks for one call of each of several webhooks, all at once. */
    public void callAll(List<WebhookCall> calls, Job job) {
        webhooks.sendAll(
                calls.stream().map(call -> message(call, job, Duration.ZERO)).toList());
    }

    /** Asks for a call of one webhook after a while; more than the 15 minutes that SQS allows is cut to them. */
    public void callLater(WebhookCall call, Job job, Duration delay) throws InterruptedException {
        webhooks.send(message(call, job, delay));
    }

    private static Message message(WebhookCall call, Job job, Duration delay) {
        return new Message(call.body(), job.tenant(), allowed(delay), job.traceparent());
    }

    private static Duration allowed(Duration delay) {
        if (delay.isNegative()) return Duration.ZERO;
        return delay.compareTo(Message.MAX_DELAY) > 0 ? Message.MAX_DELAY : delay;
    }
}
