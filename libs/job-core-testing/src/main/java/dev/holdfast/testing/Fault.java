package dev.holdfast.testing;

/** What may happen to a run at one of its AWS calls. */
public enum Fault {

    /** The lease runs out just before the call; another run takes the job over and ends it; then this one goes on. */
    EXPIRY("lease over at", false),

    /** The process dies just before the call. */
    KILL_BEFORE("kill before", false),

    /** The process dies just after the call: it has its effect, and nobody hears the answer. */
    KILL_AFTER("kill after", true),

    /** The service refuses the call because of too many; the SDK has given up repeating it. */
    THROTTLE("throttle at", false),

    /** The connection breaks before the service sees the call; the SDK has given up repeating it. */
    RESET("connection reset at", false),

    /** The call has its effect, but the connection breaks before the answer; the SDK has given up repeating it. */
    LOST_ANSWER("answer lost of", true);

    private final String words;
    private final boolean afterCall;

    Fault(String words, boolean afterCall) {
        this.words = words;
        this.afterCall = afterCall;
    }

    String words() {
        return words;
    }

    /** Whether it strikes after the call rather than before it. */
    boolean afterCall() {
        return afterCall;
    }
}
