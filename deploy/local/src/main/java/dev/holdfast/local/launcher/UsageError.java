package dev.holdfast.local.launcher;

/** The command line cannot be understood; the message says why. */
final class UsageError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageError(String message) {
        super(message);
    }
}
