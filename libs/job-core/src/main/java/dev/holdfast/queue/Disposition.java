package dev.holdfast.queue;

import java.time.Duration;

/** What becomes of a message after it was handled. */
public sealed interface Disposition {

    /** It is done with. */
    record Delete() implements Disposition {}

    /** It comes again after {@code delay}, 0 to 12 hours (the SQS limit on visibility; longer is cut to it). */
    record Return(Duration delay) implements Disposition {
        public Return {
            if (delay.isNegative()) delay = Duration.ZERO;
            if (delay.compareTo(MAX_VISIBILITY) > 0) delay = MAX_VISIBILITY;
        }

        private static final Duration MAX_VISIBILITY = Duration.ofHours(12).minusMinutes(1);
    }

    /**
     * As {@link Return}; and the consumer works on fewer messages at a time for a while, because a throttle was met.
     */
    record SlowDown(Duration delay) implements Disposition {}

    /** It can never be handled: it goes to the dead-letter queue with the reason. */
    record SetAside(String reason) implements Disposition {

        /** The attribute of the dead letter that holds the reason; SQS's own dead letters have none. */
        public static final String REASON = "reason";

        /** The attribute of the dead letter that says how often the message had been received. */
        public static final String RECEIVES = "receives";
    }
}
