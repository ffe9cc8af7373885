package dev.holdfast.notify.mail;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobType;
import dev.holdfast.mail.MailKind;
import dev.holdfast.users.ConfirmationToken;
import dev.holdfast.users.User;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the mails about the ends of jobs. */
@Singleton
public final class JobMails {

    /** Files that a report names; the job's result has them all. */
    private static final int SKIPPED_SHOWN = 10;

    private final PublicConfig config;

    JobMails(PublicConfig config) {
        this.config = config;
    }

    /** How often a failure has been met that is told once, this time included. */
    public record Count(long failures, Instant since) {}

    /** To a user who has just been registered. */
    public Mail welcome(Reader reader, User user) {
        var words = Words.in(reader.language());
        var messages = words.messages();
        var url = config.url() + "/v1/users/confirm?token=" + user.confirmationToken();
        var page = new Page(
                MailKind.WELCOME,
                reader,
                words,
                Tone.NEUTRAL,
                messages.welcome_subject(user.username()),
                Map.of("username", user.username()),
                Optional.empty());
        return page.write(Templates.Welcome.mail(
                page.look(), user.username(), url, ConfirmationToken.VALID.toDays(), messages.button_confirm()));
    }

    /** To whoever wants to know that a job is done. {@code before}: the backup before this one, if it is one. */
    public Mail succeeded(Reader reader, Job job, JobResult result, Optional<JobResult.BackedUp> before) {
        if (result instanceof JobResult.BackedUp backup && job.spec().payload() instanceof JobPayload.Backup asked) {
            return report(reader, job, asked.repository(), backup, before);
        }
        var words = Words.in(reader.language());
        var type = words.type(job.spec().type());
        var page = page(
                MailKind.JOB_SUCCEEDED,
                reader,
                words,
                Tone.GOOD,
                words.messages().succeeded_subject(job.spec().type().wireName(), shortId(job)),
                job);
        var rows = new ArrayList<Row>();
        var url = "";
        switch (result) {
            case JobResult.Registered(var userId) ->
                rows.add(new Row(words.messages().label_user(), userId));
            case JobResult.Restored(var files, var size, var download) -> {
                rows.add(new Row(words.messages().label_files(), Long.toString(files)));
                rows.add(new Row(words.messages().label_size(), Words.bytes(size)));
                url = download.map(URI::toString).orElse("");
                if (!url.isEmpty()) rows.add(new Row(words.messages().label_download(), url));
            }
            case JobResult.ShardStored part -> {
                rows.add(new Row(words.messages().label_files(), Long.toString(part.files())));
                rows.add(new Row(words.messages().label_size(), Words.bytes(part.bytes())));
            }
            case JobResult.ShardRestored part -> {
                rows.add(new Row(words.messages().label_files(), Long.toString(part.files())));
                rows.add(new Row(words.messages().label_size(), Words.bytes(part.bytes())));
            }
            case JobResult.BackedUp backup -> rows.add(new Row(words.messages().label_snapshot(), backup.snapshotId()));
            case JobResult.Drilled(var snapshot, var files, var size) -> {
                rows.add(new Row(words.messages().label_snapshot(), snapshot));
                rows.add(new Row(words.messages().label_files(), Long.toString(files)));
                rows.add(new Row(words.messages().label_size(), Words.bytes(size)));
            }
            case JobResult.Pruned(var packs, var repacked, var freed) ->
                rows.add(new Row(words.messages().label_freed(), Words.bytes(freed)));
            case JobResult.Mirrored(var objects, var copied, var size, var mirror) ->
                rows.add(new Row(words.messages().label_size(), Words.bytes(size)));
            case JobResult.Checked checked ->
                checked.vouchedFor()
                        .ifPresent(packs -> rows.add(new Row(
                                words.messages().label_vouched(),
                                words.messages().vouched_value(packs, checked.packs()))));
            case JobResult.Forgotten _ -> {}
        }
        if (job.spec().type() != JobType.REGISTRATION) {
            rows.add(new Row(words.messages().label_repository(), repository(job)));
        }
        rows.addAll(about(words, job));
        return page.write(Templates.JobSucceeded.mail(
                page.look(), type, rows, !url.isEmpty(), url, words.messages().button_download()));
    }

    private Mail report(
            Reader reader, Job job, String repository, JobResult.BackedUp backup, Optional<JobResult.BackedUp> before) {
        var words = Words.in(reader.language());
        var messages = words.messages();
        var skipped = backup.skipped();
        var page = page(
                MailKind.BACKUP_REPORT,
                reader,
                words,
                skipped.isEmpty() ? Tone.GOOD : Tone.WARNING,
                messages.report_subject(repository),
                job);
        return page.write(Templates.BackupReport.mail(
                page.look(),
                repository,
                skipped.isEmpty() ? messages.report_lead() : messages.report_lead_skipped(skipped.size()),
                reportRows(words, job, repository, backup, before),
                skipped.stream()
                        .limit(SKIPPED_SHOWN)
                        .map(file -> new Row(file.path(), file.reason()))
                        .toList(),
                Math.max(0, skipped.size() - SKIPPED_SHOWN),
                """
                curl -X POST %s/v1/jobs -H "Authorization: Bearer $HOLDFAST_API_KEY" -H 'Content-Type: application/json' \
                -d '{"type":"restore","payload":{"repository":"%s","snapshot":"%s","target":{"kind":"download"}}}'\
                """.formatted(config.url(), repository, backup.snapshotId()),
                "restic restore %s --target restored"
                        .formatted(backup.snapshotId()
                                .substring(0, Math.min(8, backup.snapshotId().length())))));
    }

    private List<Row> reportRows(
            Words words, Job job, String repository, JobResult.BackedUp backup, Optional<JobResult.BackedUp> before) {
        var messages = words.messages();
        var rows = new ArrayList<Row>();
        rows.add(new Row(messages.label_repository(), repository));
        rows.add(new Row(messages.label_snapshot(), backup.snapshotId()));
        rows.add(new Row(
                messages.label_files(),
                messages.files_value(backup.filesNew(), backup.filesChanged(), backup.filesUnmodified())));
        rows.add(new Row(messages.label_read(), Words.bytes(backup.bytesProcessed())));
        rows.add(new Row(messages.label_added(), Words.bytes(backup.bytesAdded())));
        rows.add(new Row(messages.label_stored(), Words.bytes(backup.bytesStored())));
        rows.add(new Row(
                messages.label_change(),
                before.map(last -> messages.report_change(
                                Words.change(files(last), files(backup)),
                                Words.changeOfBytes(last.bytesProcessed(), backup.bytesProcessed())))
                        .orElseGet(messages::report_first)));
        rows.add(new Row(
                messages.label_skipped(),
                messages.skipped_value(backup.skipped().size())));
        rows.add(new Row(messages.label_duration(), words.duration(Duration.ofMillis((long)
                (backup.durationSeconds() * 1000)))));
        rows.addAll(about(words, job));
        return rows;
    }

    private static long files(JobResult.BackedUp backup) {
        return backup.filesNew() + backup.filesChanged() + backup.filesUnmodified();
    }

    /** To whoever wants to know that a job was given up. */
    public Mail failed(Reader reader, Job job, JobError error, Count count) {
        var words = Words.in(reader.language());
        var messages = words.messages();
        var todo = words.advice(job.spec().type(), error);
        var rows = new ArrayList<Row>();
        rows.add(new Row(messages.label_code(), error.code()));
        rows.add(new Row(messages.label_attempts(), Integer.toString(error.attempt())));
        rows.addAll(about(words, job));
        if (isCheck(job)) {
            var values = Map.of(
                    "repository",
                    repository(job),
                    "job",
                    shortId(job),
                    "schedule",
                    MailWriter.schedule(job),
                    "code",
                    error.code());
            return MailWriter.check(
                    reader, words, repository(job), error.message(), values, MailWriter.thread(job), rows);
        }
        var type = job.spec().type().wireName();
        var schedule = MailWriter.schedule(job);
        var subject = count.failures() > 1
                ? messages.failed_subject_again(count.failures(), schedule.isEmpty() ? type : schedule, error.code())
                : messages.failed_subject(type, shortId(job), error.code());
        var page = page(MailKind.JOB_FAILED, reader, words, Tone.BAD, subject, job);
        return page.write(Templates.JobFailed.mail(
                page.look(),
                words.type(job.spec().type()),
                error.message(),
                todo,
                rows,
                count.failures(),
                Words.time(count.since())));
    }

    /** A failed check means that backups may be damaged, whatever kind of check it is. */
    private static boolean isCheck(Job job) {
        return switch (job.spec().type()) {
            case CHECK, DRILL -> true;
            case REGISTRATION, BACKUP, BACKUP_SHARD, RESTORE, RESTORE_SHARD, FORGET, PRUNE, MIRROR -> false;
        };
    }

    private static Page page(MailKind kind, Reader reader, Words words, Tone tone, String subject, Job job) {
        var values = Map.of(
                "type",
                job.spec().type().wireName(),
                "job",
                shortId(job),
                "schedule",
                MailWriter.schedule(job),
                "repository",
                repository(job),
                "code",
                job.error().map(JobError::code).orElse(""));
        return new Page(kind, reader, words, tone, subject, values, MailWriter.thread(job));
    }

    private static String repository(Job job) {
        return switch (job.spec().payload()) {
            case JobPayload.Backup backup -> backup.repository();
            case JobPayload.BackupShard shard -> shard.repository();
            case JobPayload.Restore restore -> restore.repository();
            case JobPayload.RestoreShard shard -> shard.repository();
            case JobPayload.Check check -> check.repository();
            case JobPayload.Forget forget -> forget.repository();
            case JobPayload.Prune prune -> prune.repository();
            case JobPayload.Mirror mirror -> mirror.repository();
            case JobPayload.Drill drill -> drill.repository();
            case JobPayload.Registration _ -> job.spec().type().wireName();
        };
    }

    private List<Row> about(Words words, Job job) {
        var rows = new ArrayList<Row>();
        var schedule = MailWriter.schedule(job);
        if (!schedule.isEmpty()) rows.add(new Row(words.messages().label_schedule(), schedule));
        rows.add(new Row(words.messages().label_job(), job.id().toString()));
        if (job.spec().type() != JobType.REGISTRATION) {
            rows.add(new Row(words.messages().label_log(), config.url() + "/v1/jobs/" + job.id() + "/log"));
        }
        return rows;
    }

    private static String shortId(Job job) {
        return job.id().toString().substring(0, 8);
    }
}
