package dev.holdfast.mail;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a mail is about, as far as one can ask to be spared of it. */
public enum Topic {
    /** The reader's own account. Nobody can be spared of these. */
    ACCOUNT,
    /** How jobs ended. */
    JOBS,
    /** What did not happen as it should: missed schedules, failed checks, quotas. */
    ALERTS,
    /** Summaries of a day or a week. */
    DIGESTS;

    /** The name in links and in the HTTP API. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Topic> named(String wireName) {
        return Arrays.stream(values())
                .filter(topic -> topic.wireName().equals(wireName))
                .findFirst();
    }
}
