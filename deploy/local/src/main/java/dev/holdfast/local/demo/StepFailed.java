package dev.holdfast.local.demo;

/** A step of the demo did not hold; the message says what was expected and what was received. */
public final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StepFailed(String message) {
        super(message);
    }
}
