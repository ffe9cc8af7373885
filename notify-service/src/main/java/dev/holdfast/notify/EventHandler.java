package dev.holdfast.notify;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.notify.NotificationTable.Claim;
import dev.holdfast.notify.mail.Mail;
import dev.holdfast.notify.mail.MailWriter;
import dev.holdfast.notify.mail.Postman;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.MessageHandler;
import dev.holdfast.run.JobEvent;
import dev.holdfast.table.JobTable;
import dev.holdfast.users.UserTable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sesv2.model.BadRequestException;

/** Turns the end of a job into mails: one for each recipient, however often the event comes. */
@Singleton
final class EventHandler implements MessageHandler {

    private static final Logger LOG = Logger.getLogger(EventHandler.class);

    private final JobTable jobs;
    private final UserTable users;
    private final NotificationTable notifications;
    private final MailWriter writer;
    private final Postman postman;
    private final Metrics metrics;
    private final InstantSource clock;

    EventHandler(
            JobTable jobs,
            UserTable users,
            NotificationTable notifications,
            MailWriter writer,
            Postman postman,
            Metrics metrics,
            InstantSource clock) {
        this.jobs = jobs;
        this.users = users;
        this.notifications = notifications;
        this.writer = writer;
        this.postman = postman;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public Disposition handle(Delivery delivery) {
        var event = JobEvent.parse(delivery.body());
        if (event.isEmpty()) return new SetAside("not a job event");
        var job = jobs.find(event.get().job());
        if (job.isEmpty()) return new SetAside("event of an unknown job");
        var again = Duration.ZERO;
        for (var recipient : job.get().audience()) {
            var wait = notify(event.get(), job.get(), recipient);
            if (wait.compareTo(again) > 0) again = wait;
        }
        return again.isZero() ? new Delete() : new Return(again);
    }

    /** Sends one mail, unless it was sent. Returns how long to wait before another look; zero when nothing is left. */
    private Duration notify(JobEvent event, Job job, String recipient) {
        return switch (notifications.claim(event, recipient)) {
            case Claim.Settled() -> {
                metrics.mailAbsorbed();
                yield Duration.ZERO;
            }
            case Claim.Busy(var until) ->
                Duration.between(clock.instant(), until).plusSeconds(1);
            case Claim.Mine mine -> {
                send(mine, event, job, recipient);
                yield Duration.ZERO;
            }
        };
    }

    private void send(Claim.Mine mine, JobEvent event, Job job, String recipient) {
        var mail = event.fence() == job.fence() ? mail(job, recipient) : Optional.<Mail>empty();
        if (mail.isEmpty()) {
            notifications.refused(mine, "the job has moved on");
            return;
        }
        try {
            var messageId = postman.send(mail.get(), recipient, job.id().toString());
            notifications.sent(mine, messageId);
            metrics.mailSent(mail.get().name());
            LOG.infof(
                    "mail sent jobId=%s mail=%s messageId=%s",
                    job.id(), mail.get().name(), messageId);
        } catch (BadRequestException forGood) {
            notifications.refused(mine, String.valueOf(forGood.getMessage()));
            LOG.errorf(
                    "mail refused jobId=%s mail=%s error=%s",
                    job.id(), mail.get().name(), forGood.getMessage());
        } catch (SdkException e) { // also a sender that SES has not verified: the mail waits until it has
            notifications.release(mine);
            throw e;
        }
    }

    /** The mail for this recipient; empty when the job has been taken up again. */
    private Optional<Mail> mail(Job job, String recipient) {
        if (job.state() == JobState.FAILED) return job.error().map(error -> writer.jobFailed(job, error));
        if (job.result().isEmpty()) return Optional.empty();
        if (job.spec().payload() instanceof JobPayload.Registration registration
                && job.result().get() instanceof JobResult.Registered(var userId)
                && registration.email().equals(recipient)) {
            return users.find(userId).map(writer::welcome);
        }
        return job.result().map(result -> writer.jobSucceeded(job, result));
    }
}
