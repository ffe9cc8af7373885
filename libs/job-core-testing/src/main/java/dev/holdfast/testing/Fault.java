package dev.holdfast.testing;

/** What may happen to a run at one of its AWS calls. */
public enum Fault {

    /** The lease runs out just before the call; another run takes the job over and ends it; then this one goes on. */
    EXPIRY("lease over at", Moment.BEFORE),

    /** The process dies just before the call. */
    KILL_BEFORE("kill before", Moment.BEFORE),

    /** The process dies just after the call: it has its effect, and nobody hears the answer. */
    KILL_AFTER("kill after", Moment.AFTER),

    /** The service refuses the call because of too many; the SDK has given up repeating it. */
    THROTTLE("throttle at", Moment.BEFORE),

    /** The connection breaks before the service sees the call; the SDK has given up repeating it. */
    RESET("connection reset at", Moment.BEFORE),

    /** The call has its effect, but the connection breaks before the answer; the SDK has given up repeating it. */
    LOST_ANSWER("answer lost of", Moment.AFTER),

    /** As before, but the SDK repeats the call, which meets its own effect then. */
    REPEAT("call repeated at", Moment.SENT);

    /** When a fault strikes a call: {@code SENT} is after it was sent, where the SDK may still repeat it. */
    enum Moment {
        BEFORE,
        SENT,
        AFTER
    }

    private final String words;
    private final Moment moment;

    Fault(String words, Moment moment) {
        this.words = words;
        this.moment = moment;
    }

    String words() {
        return words;
    }

    Moment moment() {
        return moment;
    }
}
