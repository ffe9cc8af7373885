package dev.holdfast.notify.webhook;

import dev.holdfast.job.Job;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.MessageHandler;
import dev.holdfast.run.JobQueues;
import dev.holdfast.run.WebhookCall;
import dev.holdfast.table.JobTable;
import jakarta.inject.Singleton;

/** What comes over the webhooks queue: ends of jobs, to be told to one webhook each. */
@Singleton
public final class WebhookHandler implements MessageHandler {

    private final JobTable jobs;
    private final MailSettingsTable settings;
    private final JobQueues queues;
    private final Calls calls;

    WebhookHandler(JobTable jobs, MailSettingsTable settings, JobQueues queues, Calls calls) {
        this.jobs = jobs;
        this.settings = settings;
        this.queues = queues;
        this.calls = calls;
    }

    @Override
    public Disposition handle(Delivery delivery) throws InterruptedException {
        var call = WebhookCall.parse(delivery.body());
        if (call.isEmpty()) return new SetAside("not a call of a webhook");
        var job = jobs.find(call.get().job());
        if (job.isEmpty()) return new SetAside("call about an unknown job");
        return handle(call.get(), job.get());
    }

    /** Each webhook has a message of its own, so that none waits for another. */
    private Disposition handle(WebhookCall call, Job job) throws InterruptedException {
        var webhooks = settings.webhooks(job.tenant()); // as they are now: one may be quite new
        if (!call.webhook().isEmpty()) {
            var webhook = webhooks.stream()
                    .filter(some -> some.name().equals(call.webhook()))
                    .findFirst();
            if (webhook.isPresent()) return calls.make(call, job, webhook.get());
            calls.withdraw(call, job);
            return new Delete();
        }
        var wanting = webhooks.stream()
                .filter(some -> some.wants(job.spec().type(), call.state()))
                .toList();
        if (wanting.size() == 1) {
            return calls.make(call.to(wanting.getFirst().name()), job, wanting.getFirst());
        }
        queues.callAll(wanting.stream().map(some -> call.to(some.name())).toList(), job);
        return new Delete();
    }
}
