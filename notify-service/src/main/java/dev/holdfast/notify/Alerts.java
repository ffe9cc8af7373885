package dev.holdfast.notify;

import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.mail.Notification;
import dev.holdfast.mail.Notification.State;
import dev.holdfast.mail.Readers;
import dev.holdfast.mail.Readers.Wishes;
import dev.holdfast.notify.Dispatch.Plan;
import dev.holdfast.notify.mail.JobMails;
import dev.holdfast.notify.mail.Mail;
import dev.holdfast.notify.mail.MailWriter;
import dev.holdfast.notify.mail.MailWriter.Tally;
import dev.holdfast.notify.mail.Reader;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.Return;
import dev.holdfast.table.JobTable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Turns alerts into mails: one for each recipient, however often an alert comes. */
@Singleton
final class Alerts {

    private final JobTable jobs;
    private final MailSettingsTable settings;
    private final Readers readers;
    private final Letters letters;
    private final Gathering gathering;
    private final Summaries summaries;
    private final MailWriter writer;
    private final JobMails jobMails;
    private final Dispatch dispatch;
    private final InstantSource clock;

    Alerts(
            JobTable jobs,
            MailSettingsTable settings,
            Readers readers,
            Letters letters,
            Gathering gathering,
            Summaries summaries,
            MailWriter writer,
            JobMails jobMails,
            Dispatch dispatch,
            InstantSource clock) {
        this.jobs = jobs;
        this.settings = settings;
        this.readers = readers;
        this.letters = letters;
        this.gathering = gathering;
        this.summaries = summaries;
        this.writer = writer;
        this.jobMails = jobMails;
        this.dispatch = dispatch;
        this.clock = clock;
    }

    Disposition handle(Alert alert) throws InterruptedException {
        return switch (alert.alert()) {
            case MANY -> gathered(alert);
            case DIGEST -> {
                var summary = summaries.of(alert);
                yield tell(alert, alert.key(), reader -> Optional.of(writer.digest(reader, summary)));
            }
            case QUOTA_WARNING -> tell(alert, alert.key(), reader -> Optional.of(writer.quota(reader, alert)));
            case SCHEDULE_MISSED, SCHEDULE_LATE, SCHEDULE_RECOVERED ->
                tell(alert, alert.key(), reader -> Optional.of(writer.schedule(reader, alert)));
            case CHECK_FAILED -> tell(alert, alert.key(), reader -> Optional.of(writer.check(reader, alert)));
            case WELCOME, JOB_SUCCEEDED, JOB_FAILED, BACKUP_REPORT ->
                new Disposition.SetAside(alert.alert().wireName() + " is no alert");
        };
    }

    private Disposition gathered(Alert alert) throws InterruptedException {
        var early = Duration.between(clock.instant(), alert.at());
        if (early.isPositive()) return new Return(early.plusMillis(999));
        var gathered = gathering.takeOut(alert.fact(Fact.GATHERED));
        if (gathered.isEmpty()) return new Delete();
        var disposition = tell(alert, gathered.get().key(), reader -> mail(reader, gathered.get()));
        if (!(disposition instanceof Delete)) return disposition;
        return gathering.told(gathered.get()) ? new Return(Duration.ZERO) : disposition;
    }

    /** The same failure of a schedule again and again is told as that failure; anything else by numbers. */
    private Optional<Mail> mail(Reader reader, Gathering.Gathered gathered) {
        if (gathered.row().contains("#schedule#")) {
            var job = JobId.parse(gathered.lastJob()).flatMap(jobs::find);
            if (job.isPresent() && job.get().state() == JobState.FAILED) {
                var count = new JobMails.Count(gathered.count(), gathered.since());
                return job.get().error().map(error -> jobMails.failed(reader, job.get(), error, count));
            }
        }
        var tallies = gathered.tallies().entrySet().stream()
                .map(entry -> new Tally(entry.getKey(), Long.parseLong(entry.getValue())))
                .sorted(Comparator.comparingLong(Tally::jobs).reversed())
                .toList();
        return Optional.of(
                writer.many(reader, gathered.count(), gathered.since(), gathered.until(), tallies, gathered.lastJob()));
    }

    private Disposition tell(Alert alert, String key, Function<Reader, Optional<Mail>> mail)
            throws InterruptedException {
        var own = settings.of(alert.tenant());
        Set<String> recipients = new LinkedHashSet<>(alert.recipients().isEmpty() ? own.alerts() : alert.recipients());
        var wishes = readers.wishes(alert.tenant(), recipients);
        var kind = alert.alert();
        var again = Duration.ZERO;
        for (var recipient : recipients) {
            var wish = wishes.getOrDefault(recipient, Wishes.NONE);
            var subject = new Notification.Subject(alert.tenant(), job(alert), kind, about(kind) + "#" + key, 0);
            var reader = letters.reader(alert.tenant(), own, wish, kind, recipient);
            var wait = dispatch.deliver(
                    subject,
                    kind.topic(),
                    recipient,
                    wish,
                    mine -> mail.apply(reader)
                            .<Plan>map(Plan.Send::new)
                            .orElseGet(() -> new Plan.Drop(State.REFUSED, "there is nothing left to tell")));
            if (wait.compareTo(again) > 0) again = wait;
        }
        return again.isZero() ? new Delete() : new Return(again);
    }

    /** A schedule that is found late by one process and missed by another is told of once. */
    private static String about(MailKind kind) {
        return kind == MailKind.SCHEDULE_LATE ? MailKind.SCHEDULE_MISSED.wireName() : kind.wireName();
    }

    private static Optional<String> job(Alert alert) {
        return Optional.of(alert.fact(Fact.JOB)).filter(job -> !job.isEmpty());
    }
}
