package dev.holdfast.notify.mail;

import dev.holdfast.job.Job;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.MailSettings;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes the mails about what is not the end of one job. */
@Singleton
public final class MailWriter {

    /** The label that ingest gives to the jobs of a schedule. */
    private static final String SCHEDULE = "schedule";

    MailWriter() {}

    /** How many jobs ended in some way, and how many of that kind there were. */
    public record Tally(String what, long jobs) {}

    /**
     * What a period has brought.
     *
     * @param failures failed jobs by their reasons, most frequent first
     */
    public record Summary(
            Instant since,
            Instant until,
            ZoneId zone,
            MailSettings.Period period,
            long succeeded,
            long failed,
            long open,
            List<Tally> failures) {}

    /** The name of the schedule that a job is of; empty: of none. */
    static String schedule(Job job) {
        return job.spec().labels().getOrDefault(SCHEDULE, "");
    }

    /** All mails of a schedule stand in one thread, and those of any other job in one of its own. */
    static Optional<String> thread(Job job) {
        var schedule = schedule(job);
        return Optional.of(schedule.isEmpty() ? "job/" + job.id() : thread(job.tenant(), schedule));
    }

    private static String thread(String tenant, String schedule) {
        return "schedule/" + tenant + "/" + schedule;
    }

    /** To whoever watches a schedule. */
    public Mail schedule(Reader reader, Alert alert) {
        var words = Words.in(reader.language());
        var messages = words.messages();
        var name = alert.fact(Fact.SCHEDULE);
        var tick = Words.time(Instant.parse(alert.fact(Fact.TICK)));
        var by = Words.time(Instant.parse(alert.fact(Fact.EXPECTED_BY)));
        var rows = rows(words, alert);
        var page = new Page(
                alert.alert(),
                reader,
                words,
                switch (alert.alert()) {
                    case SCHEDULE_RECOVERED -> Tone.GOOD;
                    case SCHEDULE_LATE -> Tone.WARNING;
                    default -> Tone.BAD;
                },
                switch (alert.alert()) {
                    case SCHEDULE_RECOVERED -> messages.recovered_subject(name);
                    case SCHEDULE_LATE -> messages.late_subject(name);
                    default -> messages.missed_subject(name);
                },
                Map.of("schedule", name),
                Optional.of(thread(alert.tenant(), name)));
        var look = page.look();
        return page.write(
                switch (alert.alert()) {
                    case SCHEDULE_RECOVERED -> Templates.Recovered.mail(look, name, tick, by, rows);
                    case SCHEDULE_LATE -> Templates.Late.mail(look, name, tick, by, messages.late_todo(), rows);
                    default -> Templates.Missed.mail(look, name, tick, by, messages.missed_todo(), rows);
                });
    }

    private static List<Row> rows(Words words, Alert alert) {
        var messages = words.messages();
        var rows = new ArrayList<Row>();
        rows.add(new Row(messages.label_schedule(), alert.fact(Fact.SCHEDULE)));
        rows.add(new Row(messages.label_tick(), Words.time(Instant.parse(alert.fact(Fact.TICK)))));
        if (!alert.fact(Fact.JOB).isEmpty()) rows.add(new Row(messages.label_job(), alert.fact(Fact.JOB)));
        if (!alert.fact(Fact.JOB_STATE).isEmpty()) {
            rows.add(new Row(messages.label_state(), alert.fact(Fact.JOB_STATE)));
        }
        return rows;
    }

    /** To whoever relies on a repository whose check or drill has failed. */
    public Mail check(Reader reader, Alert alert) {
        var words = Words.in(reader.language());
        var rows = new ArrayList<Row>();
        rows.add(new Row(words.messages().label_code(), alert.fact(Fact.CODE)));
        if (!alert.fact(Fact.JOB).isEmpty()) rows.add(new Row(words.messages().label_job(), alert.fact(Fact.JOB)));
        var repository = alert.fact(Fact.REPOSITORY);
        var values = Map.of(
                "repository",
                repository,
                "job",
                alert.fact(Fact.JOB),
                "schedule",
                alert.fact(Fact.SCHEDULE),
                "code",
                alert.fact(Fact.CODE));
        var thread = Optional.of("check/" + alert.tenant() + "/" + repository);
        return check(reader, words, repository, alert.fact(Fact.MESSAGE), values, thread, rows);
    }

    static Mail check(
            Reader reader,
            Words words,
            String repository,
            String message,
            Map<String, String> values,
            Optional<String> thread,
            List<Row> rows) {
        var page = new Page(
                MailKind.CHECK_FAILED,
                reader,
                words,
                Tone.BAD,
                words.messages().check_subject(repository),
                values,
                thread);
        return page.write(Templates.CheckFailed.mail(
                page.look(), repository, message, words.messages().check_todo(), rows));
    }

    /** To whoever is to know that a tenant comes near to what it may use. */
    public Mail quota(Reader reader, Alert alert) {
        var words = Words.in(reader.language());
        var messages = words.messages();
        var quota = alert.fact(Fact.QUOTA);
        var used = Long.parseLong(alert.fact(Fact.USED));
        var limit = Long.parseLong(alert.fact(Fact.LIMIT));
        var percent = limit == 0 ? 100 : used * 100 / limit;
        var page = new Page(
                MailKind.QUOTA_WARNING,
                reader,
                words,
                Tone.WARNING,
                messages.quota_subject(percent, quota),
                Map.of("quota", quota, "percent", Long.toString(percent)),
                Optional.of("quota/" + alert.tenant() + "/" + quota));
        return page.write(Templates.QuotaWarning.mail(
                page.look(), quota, percent, Long.toString(used), Long.toString(limit), messages.quota_todo()));
    }

    /** What a day or a week has brought. */
    public Mail digest(Reader reader, Summary summary) {
        var words = Words.in(reader.language());
        var messages = words.messages();
        var from = Words.day(summary.since(), summary.zone());
        var weekly = summary.period() == MailSettings.Period.WEEK;
        var period = weekly ? from + " – " + Words.day(summary.until().minusSeconds(1), summary.zone()) : from;
        var page = new Page(
                MailKind.DIGEST,
                reader,
                words,
                summary.failed() == 0 ? Tone.NEUTRAL : Tone.WARNING,
                weekly ? messages.digest_subject_week(period) : messages.digest_subject_day(period),
                Map.of("period", period),
                Optional.of("digest/" + reader.tenant()));
        var lead = summary.failed() > 0
                ? messages.digest_lead_bad(summary.failed())
                : summary.succeeded() + summary.open() == 0 ? messages.digest_lead_none() : messages.digest_lead_good();
        return page.write(Templates.Digest.mail(
                page.look(),
                period,
                lead,
                List.of(
                        new Row(messages.label_succeeded(), Long.toString(summary.succeeded())),
                        new Row(messages.label_failed(), Long.toString(summary.failed())),
                        new Row(messages.label_open(), Long.toString(summary.open()))),
                tallies(summary.failures())));
    }

    /** In the place of many mails. */
    public Mail many(Reader reader, long count, Instant since, Instant until, List<Tally> tallies, String lastJob) {
        var words = Words.in(reader.language());
        var messages = words.messages();
        var page = new Page(
                MailKind.MANY,
                reader,
                words,
                Tone.WARNING,
                messages.many_subject(count),
                Map.of("count", Long.toString(count)),
                Optional.of("many/" + reader.tenant()));
        var rows = new ArrayList<>(tallies(tallies));
        rows.add(new Row(messages.label_last(), lastJob));
        return page.write(Templates.Many.mail(page.look(), count, Words.time(since), Words.time(until), rows));
    }

    private static List<Row> tallies(List<Tally> tallies) {
        return tallies.stream()
                .map(tally -> new Row(tally.what(), String.format(Locale.ROOT, "%d", tally.jobs())))
                .toList();
    }
}
