package dev.holdfast.job;

import java.util.Locale;

/** A queue with its dead-letter queue. A worker serves the lanes that its configuration names. */
public enum Lane {
    /** Work of seconds: registrations and the like. */
    QUICK,
    /** Work of minutes to hours: backups, restores, checks. */
    BULK;

    /** The name in configuration, in queue names and in the HTTP API: {@code quick} or {@code bulk}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
