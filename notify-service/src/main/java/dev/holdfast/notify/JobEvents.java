package dev.holdfast.notify;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobState;
import dev.holdfast.mail.Language;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.mail.Notification;
import dev.holdfast.mail.Notification.State;
import dev.holdfast.mail.NotificationTable.Claim;
import dev.holdfast.mail.Readers;
import dev.holdfast.mail.Readers.Wishes;
import dev.holdfast.notify.Dispatch.Plan;
import dev.holdfast.notify.mail.JobMails;
import dev.holdfast.notify.mail.Mail;
import dev.holdfast.notify.mail.Reader;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.run.JobEvent;
import dev.holdfast.table.JobTable;
import dev.holdfast.users.UserTable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Turns the end of a job into mails: one for each recipient, however often the event comes. */
@Singleton
final class JobEvents {

    private final JobTable jobs;
    private final UserTable users;
    private final MailSettingsTable settings;
    private final Readers readers;
    private final Letters letters;
    private final Backups backups;
    private final Gathering gathering;
    private final JobMails writer;
    private final Dispatch dispatch;

    JobEvents(
            JobTable jobs,
            UserTable users,
            MailSettingsTable settings,
            Readers readers,
            Letters letters,
            Backups backups,
            Gathering gathering,
            JobMails writer,
            Dispatch dispatch) {
        this.jobs = jobs;
        this.users = users;
        this.settings = settings;
        this.readers = readers;
        this.letters = letters;
        this.backups = backups;
        this.gathering = gathering;
        this.writer = writer;
        this.dispatch = dispatch;
    }

    Disposition handle(JobEvent event) throws InterruptedException {
        var found = jobs.find(event.job());
        if (found.isEmpty()) return new SetAside("event of an unknown job");
        var job = found.get();
        var recipients = recipients(job);
        var wishes = readers.wishes(job.tenant(), recipients);
        var again = Duration.ZERO;
        for (var recipient : recipients) {
            var kind = kind(job, recipient);
            var wish = wishes.getOrDefault(recipient, Wishes.NONE);
            var about = "job#%s#%s#%d".formatted(event.job(), event.state(), event.fence());
            var subject = new Notification.Subject(
                    job.tenant(), Optional.of(job.id().toString()), kind, about, event.fence());
            var wait = dispatch.deliver(
                    subject, kind.topic(), recipient, wish, mine -> plan(mine, kind, event, job, wish));
            if (wait.compareTo(again) > 0) again = wait;
        }
        return again.isZero() ? new Delete() : new Return(again);
    }

    /** Beside those whom the job names, of an alarming one those whom the tenant's settings name. */
    private Set<String> recipients(Job job) {
        var recipients = new LinkedHashSet<>(job.audience());
        if (job.isAlarming()) recipients.addAll(settings.of(job.tenant()).alerts());
        return recipients;
    }

    /** A user's own mail about the registration is a welcome; everybody else is told of the job. */
    private static MailKind kind(Job job, String recipient) {
        if (job.isAlarming() && !job.audience().contains(recipient)) return MailKind.CHECK_FAILED;
        if (job.state() == JobState.FAILED) return MailKind.JOB_FAILED;
        return switch (job.spec().payload()) {
            case JobPayload.Registration registration when registration.email().equals(recipient) -> MailKind.WELCOME;
            case JobPayload.Backup backup -> MailKind.BACKUP_REPORT;
            default -> MailKind.JOB_SUCCEEDED;
        };
    }

    private Plan plan(Claim.Mine mine, MailKind kind, JobEvent event, Job job, Wishes wishes)
            throws InterruptedException {
        if (event.fence() != job.fence()) return new Plan.Drop(State.REFUSED, "the job has moved on");
        if (kind != MailKind.WELCOME && gathering.gather(mine, job)) return new Plan.Done();
        var own = settings.of(job.tenant());
        var reader = letters.reader(job.tenant(), own, spoken(job, wishes), kind, mine.recipient());
        return mail(reader, job, kind)
                .<Plan>map(Plan.Send::new)
                .orElseGet(() -> new Plan.Drop(State.REFUSED, "the job has moved on"));
    }

    /** A user may have said at registration which language to use, as the attribute {@code language}. */
    private static Wishes spoken(Job job, Wishes wishes) {
        if (wishes.language().isPresent() || !(job.spec().payload() instanceof JobPayload.Registration registration)) {
            return wishes;
        }
        var language =
                Optional.ofNullable(registration.attributes().get("language")).flatMap(Language::closestTo);
        return new Wishes(wishes.spared(), language, wishes.suppressed());
    }

    private Optional<Mail> mail(Reader reader, Job job, MailKind kind) {
        if (job.state() == JobState.FAILED) {
            return job.error().map(error -> writer.failed(reader, job, error, new JobMails.Count(1, job.updatedAt())));
        }
        if (job.result().isEmpty()) return Optional.empty();
        var result = job.result().get();
        if (kind == MailKind.WELCOME && result instanceof JobResult.Registered(var userId)) {
            return users.find(userId).map(user -> writer.welcome(reader, user));
        }
        var before = result instanceof JobResult.BackedUp backup
                ? backups.before(job, backup)
                : Optional.<JobResult.BackedUp>empty();
        return Optional.of(writer.succeeded(reader, job, result, before));
    }
}
