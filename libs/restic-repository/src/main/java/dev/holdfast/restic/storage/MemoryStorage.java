package dev.holdfast.restic.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Keeps everything on the heap, for tests and experiments. */
public final class MemoryStorage implements Storage {
    private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public void list(String folder, Consumer<StoredObject> visitor) {
        var prefix = folder + "/";
        objects.subMap(prefix, prefix + Character.MAX_VALUE)
                .forEach((key, bytes) -> visitor.accept(new StoredObject(key, bytes.length)));
    }

    @Override
    public byte[] get(String key, long offset, int length) throws NoSuchFileException {
        var bytes = objects.get(key);
        if (bytes == null) throw new NoSuchFileException(key);
        int from = (int) Math.min(offset, bytes.length);
        return Arrays.copyOfRange(bytes, from, from + Math.min(length, bytes.length - from));
    }

    @Override
    public long size(String key) {
        var bytes = objects.get(key);
        return bytes == null ? -1 : bytes.length;
    }

    @Override
    public boolean putIfAbsent(String key, Content content) throws IOException {
        return objects.putIfAbsent(key, content.toByteArray()) == null;
    }

    @Override
    public void delete(List<String> keys) {
        keys.forEach(objects::remove);
    }
}
