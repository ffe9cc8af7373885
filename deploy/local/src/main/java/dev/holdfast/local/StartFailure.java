package dev.holdfast.local;

/** Something could not be started; the message says what, why, and shows the end of its log if there is one. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }
}
