package dev.holdfast.repositories;

/** A master key cannot be wrapped or unwrapped, and will not be until somebody changes the configuration or KMS. */
public final class KeyUnavailableException extends RuntimeException {
    KeyUnavailableException(String message) {
        super(message);
    }

    KeyUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
