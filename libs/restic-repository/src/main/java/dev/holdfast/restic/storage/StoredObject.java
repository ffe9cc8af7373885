package dev.holdfast.restic.storage;

/** One line of a listing. {@code sizeBytes} is the size of the whole object. */
public record StoredObject(String key, long sizeBytes) {
    public StoredObject {
        if (sizeBytes < 0) throw new IllegalArgumentException("size must not be negative, was " + sizeBytes);
    }
}
