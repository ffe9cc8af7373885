package dev.holdfast.mail;

import dev.holdfast.job.Notify;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a tenant wishes of its mails.
 *
 * @param language of readers who have said nothing else
 * @param subjects subjects of its own, in which {@code {type}} and the like stand for what the mail is about
 * @param defaults who is told of jobs that name nobody, and of which ends
 * @param alerts who is told of missed schedules, failed checks and quotas when the job names nobody; at most 10
 * @param digest the summary that is sent regularly, if one is
 */
public record MailSettings(
        Language language,
        Brand brand,
        Map<MailKind, String> subjects,
        Notify defaults,
        List<String> alerts,
        Optional<Digest> digest) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final int MAX_SUBJECT = 150;

    /** Of a tenant that has said nothing: English, nobody is told by default, no digest. */
    public static final MailSettings DEFAULT =
            new MailSettings(Language.ENGLISH, Brand.DEFAULT, Map.of(), Notify.NOBODY, List.of(), Optional.empty());

    public MailSettings {
        subjects = Map.copyOf(subjects);
        alerts = List.copyOf(alerts);
        subjects.forEach(MailSettings::checkSubject);
    }

    private static void checkSubject(MailKind kind, String subject) {
        if (subject.isBlank()
                || subject.length() > MAX_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the subject of %s must be 1 to %d characters without line breaks"
                    .formatted(kind.wireName(), MAX_SUBJECT));
        }
        PLACEHOLDER.matcher(subject).results().map(match -> match.group(1)).forEach(name -> {
            if (!name.equals("brand") && !kind.placeholders().contains(name)) {
                throw new IllegalArgumentException("the subject of %s knows no {%s}; it knows brand and %s"
                        .formatted(
                                kind.wireName(),
                                name,
                                kind.placeholders().stream().sorted().toList()));
            }
        });
    }

    /** The tenant's own subject of such a mail, if it has one. What the values hold is never read as a placeholder. */
    public Optional<String> subject(MailKind kind, Map<String, String> values) {
        return Optional.ofNullable(subjects.get(kind))
                .map(subject -> PLACEHOLDER
                        .matcher(subject)
                        .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(
                                match.group(1).equals("brand")
                                        ? brand.name()
                                        : values.getOrDefault(match.group(1), ""))));
    }

    /**
     * A summary of a day or a week, sent at an hour of the tenant's own.
     *
     * @param every {@code day} or {@code week} (on Mondays)
     * @param hour 0 to 23
     * @param email 1 to 10 addresses
     */
    public record Digest(Period every, ZoneId timezone, int hour, List<String> email) {

        public Digest {
            if (hour < 0 || hour > 23) throw new IllegalArgumentException("hour must be 0 to 23, was " + hour);
            email = List.copyOf(email);
        }

        /** The first time after {@code now} at which it is sent. */
        public Instant next(Instant now) {
            var day = LocalDate.ofInstant(now, timezone);
            if (every == Period.WEEK) day = day.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
            var at = at(day);
            return at.isAfter(now) ? at : at(every == Period.WEEK ? day.plusWeeks(1) : day.plusDays(1));
        }

        /** Since when the summary that is sent at that time tells. */
        public Instant since(Instant sentAt) {
            var day = LocalDate.ofInstant(sentAt, timezone);
            return at(every == Period.WEEK ? day.minusWeeks(1) : day.minusDays(1));
        }

        private Instant at(LocalDate day) {
            return day.atTime(hour, 0).atZone(timezone).toInstant();
        }
    }

    /** How much a digest covers. */
    public enum Period {
        DAY,
        WEEK
    }

    /** The ends of which the tenant is told by default: all that can be told, when it names somebody. */
    public static final Set<dev.holdfast.job.JobState> ENDS =
            Set.of(dev.holdfast.job.JobState.SUCCEEDED, dev.holdfast.job.JobState.FAILED);
}
