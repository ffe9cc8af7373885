package dev.holdfast.table;

/** A stored job that this release cannot read: its item was damaged, or a later release wrote it. */
public final class UnreadableJobException extends RuntimeException {
    UnreadableJobException(String id, Exception cause) {
        super("the stored job " + id + " cannot be read: " + cause.getMessage(), cause);
    }
}
