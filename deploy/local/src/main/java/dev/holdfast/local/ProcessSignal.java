package dev.holdfast.local;

/** The signals that tests and the launcher send. */
public enum ProcessSignal {
    /** Ends the process gracefully. */
    TERM,
    /** Ends the process at once. */
    KILL,
    /** Freezes the process. */
    STOP,
    /** Thaws a frozen process. */
    CONT
}
