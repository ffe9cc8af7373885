package dev.holdfast.ingest.deadletters;

import java.time.Duration;

/** How fast letters go out: in batches, so that they share requests, about ten batches a second and evenly. */
record Pace(int perSecond) {

    /** The SQS limit of one request. */
    private static final int MAX_BATCH = 10;

    Pace {
        if (perSecond < 1) throw new IllegalArgumentException("perSecond must be at least 1, was " + perSecond);
    }

    int batch() {
        return Math.clamp(perSecond / 10, 1, MAX_BATCH);
    }

    /** How long to wait before the next batch, when so many went out in that time. */
    Duration pause(int sent, Duration elapsed) {
        var due = Duration.ofSeconds(sent).dividedBy(perSecond);
        return due.compareTo(elapsed) > 0 ? due.minus(elapsed) : Duration.ZERO;
    }
}
