package dev.holdfast.notify;

import dev.holdfast.mail.Alert;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.MessageHandler;
import dev.holdfast.run.JobEvent;
import jakarta.inject.Singleton;

/** What comes over the events queue: ends of jobs, and alerts. */
@Singleton
final class EventHandler implements MessageHandler {

    private final JobEvents jobs;
    private final Alerts alerts;

    EventHandler(JobEvents jobs, Alerts alerts) {
        this.jobs = jobs;
        this.alerts = alerts;
    }

    @Override
    public Disposition handle(Delivery delivery) throws InterruptedException {
        var event = JobEvent.parse(delivery.body());
        if (event.isPresent()) return jobs.handle(event.get());
        var alert = Alert.parse(delivery.body());
        if (alert.isPresent()) return alerts.handle(alert.get());
        return new SetAside("not a job event");
    }
}
