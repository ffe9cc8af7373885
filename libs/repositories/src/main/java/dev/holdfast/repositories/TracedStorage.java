package dev.holdfast.repositories;

import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.Stated;
import dev.holdfast.restic.storage.Storage;
import dev.holdfast.restic.storage.StoredObject;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes the trace of whoever opened a repository along to the threads that read and write its objects: they know
 * nothing of it.
 */
record TracedStorage(Storage storage, Context trace) implements Storage {

    /** The storage itself, when there is no trace. */
    static Storage of(Storage storage) {
        return Span.current().getSpanContext().isValid() ? new TracedStorage(storage, Context.current()) : storage;
    }

    @Override
    public void list(String folder, Consumer<StoredObject> visitor) throws IOException {
        try (var _ = trace.makeCurrent()) {
            storage.list(folder, visitor);
        }
    }

    @Override
    public byte[] get(String key, long offset, int length) throws IOException {
        try (var _ = trace.makeCurrent()) {
            return storage.get(key, offset, length);
        }
    }

    @Override
    public long size(String key) throws IOException {
        try (var _ = trace.makeCurrent()) {
            return storage.size(key);
        }
    }

    @Override
    public Optional<Stated> stated(String key) throws IOException {
        try (var _ = trace.makeCurrent()) {
            return storage.stated(key);
        }
    }

    @Override
    public boolean putIfAbsent(String key, Content content) throws IOException {
        try (var _ = trace.makeCurrent()) {
            return storage.putIfAbsent(key, content);
        }
    }

    @Override
    public void delete(List<String> keys) throws IOException {
        try (var _ = trace.makeCurrent()) {
            storage.delete(keys);
        }
    }
}
