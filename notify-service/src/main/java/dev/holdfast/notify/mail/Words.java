package dev.holdfast.notify.mail;

import dev.holdfast.job.JobError;
import dev.holdfast.job.JobType;
import dev.holdfast.mail.Language;
import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Says sizes, times and the like in one language. */
final class Words {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);

    private final MailMessages messages;

    private Words(MailMessages messages) {
        this.messages = messages;
    }

    static Words in(Language language) {
        return new Words(MessageBundles.get(MailMessages.class, Localized.Literal.of(language.tag())));
    }

    MailMessages messages() {
        return messages;
    }

    String type(JobType type) {
        return switch (type) {
            case REGISTRATION -> messages.type_registration();
            case BACKUP -> messages.type_backup();
            case RESTORE -> messages.type_restore();
            case BACKUP_SHARD, RESTORE_SHARD -> type.wireName(); // nobody is told of one
            case CHECK -> messages.type_check();
            case FORGET -> messages.type_forget();
            case PRUNE -> messages.type_prune();
            case MIRROR -> messages.type_mirror();
            case DRILL -> messages.type_drill();
        };
    }

    /** What the reader can do about a failure. */
    String advice(JobType type, JobError error) {
        return switch (error.code()) {
            case "email-taken" -> messages.advice_email_taken();
            case "username-taken" -> messages.advice_username_taken();
            case "repository-not-found",
                    "snapshot-not-found",
                    "snapshot-ambiguous",
                    "parent-not-found",
                    "path-not-found" -> messages.advice_names();
            case "upload-not-found", "upload-missing", "size-mismatch", "checksum-mismatch" -> messages.advice_upload();
            case "key-unavailable", "connection-unusable", "repository-damaged" -> messages.advice_repository();
            case "deadline-exceeded" -> messages.advice_deadline(type.lane().wireName());
            case "quarantined" -> messages.advice_quarantined();
            default -> error.retryable() ? messages.advice_retry() : messages.advice_correct();
        };
    }

    String duration(Duration duration) {
        var seconds = duration.plusMillis(500).toSeconds();
        if (duration.toMillis() < 10_000) {
            return messages.seconds(String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0));
        }
        if (seconds < 60) return messages.seconds(Long.toString(seconds));
        return seconds < 3600
                ? messages.minutes(seconds / 60, seconds % 60)
                : messages.hours(seconds / 3600, seconds / 60 % 60);
    }

    static String time(Instant at) {
        return TIME.format(at.atOffset(ZoneOffset.UTC)) + " UTC";
    }

    static String day(Instant at, ZoneId zone) {
        return DAY.format(at.atZone(zone));
    }

    static String bytes(long bytes) {
        if (Math.abs(bytes) < 1024) return bytes + " B";
        var exponent = (63 - Long.numberOfLeadingZeros(Math.abs(bytes))) / 10;
        return String.format(Locale.ROOT, "%.1f %siB", bytes / Math.pow(1024, exponent), "KMGTPE".charAt(exponent - 1));
    }

    /** A change, with its sign. */
    static String change(long from, long to) {
        return (to > from ? "+" : to < from ? "−" : "±") + Math.abs(to - from);
    }

    static String changeOfBytes(long from, long to) {
        return (to > from ? "+" : to < from ? "−" : "±") + bytes(Math.abs(to - from));
    }
}
