package dev.holdfast.mail;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Every mail there is. Each has a folder of that name below the notifier's {@code templates/mail}. */
public enum MailKind {
    WELCOME("welcome", Topic.ACCOUNT, "username"),
    JOB_SUCCEEDED("job-succeeded", Topic.JOBS, "type", "job", "schedule"),
    JOB_FAILED("job-failed", Topic.JOBS, "type", "job", "schedule", "code"),
    BACKUP_REPORT("backup-report", Topic.JOBS, "repository", "job", "schedule"),
    SCHEDULE_MISSED("schedule-missed", Topic.ALERTS, "schedule"),
    SCHEDULE_LATE("schedule-late", Topic.ALERTS, "schedule"),
    SCHEDULE_RECOVERED("schedule-recovered", Topic.ALERTS, "schedule"),
    CHECK_FAILED("check-failed", Topic.ALERTS, "repository", "job", "schedule", "code"),
    DIGEST("digest", Topic.DIGESTS, "period"),
    MANY("many", Topic.JOBS, "count"),
    QUOTA_WARNING("quota-warning", Topic.ALERTS, "quota", "percent");

    private final String wireName;
    private final Topic topic;

    @SuppressWarnings("ImmutableEnumChecker") // a copied set
    private final Set<String> placeholders;

    MailKind(String wireName, Topic topic, String... placeholders) {
        this.wireName = wireName;
        this.topic = topic;
        this.placeholders = Set.of(placeholders);
    }

    /** The name in settings, tags, metrics and folders. Never changes. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    public Topic topic() {
        return topic;
    }

    /** What a subject of a tenant's own may name in braces, beside {@code brand}. */
    public Set<String> placeholders() {
        return placeholders;
    }

    public static Optional<MailKind> named(String wireName) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName.equals(wireName))
                .findFirst();
    }

    @JsonCreator
    static MailKind of(String wireName) {
        return named(wireName).orElseThrow(() -> new IllegalArgumentException("unknown mail " + wireName));
    }
}
