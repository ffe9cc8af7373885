package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.IndexJson;
import dev.holdfast.restic.format.PackedBlob;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Collects stored packs and writes index files of at most 50 000 blobs (section 8), at the latest 10 minutes after the
 * first pack, so that a writer that dies leaves most of its work usable. Thread-safe.
 */
final class IndexWriter {
    static final int MAX_BLOBS = 50_000;
    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    private final Repository repository;
    private final Consumer<byte[]> store;
    private final Map<Id, List<PackedBlob>> packs = new LinkedHashMap<>();
    private int blobs;
    private Instant first = Instant.MAX;

    /** {@code store} is given the JSON of each index file. */
    IndexWriter(Repository repository, Consumer<byte[]> store) {
        this.repository = repository;
        this.store = store;
    }

    /** The pack must be stored: an index file that names it may be written at once. */
    synchronized void add(Id pack, List<PackedBlob> content) {
        if (blobs + content.size() > MAX_BLOBS) flush();
        var now = repository.environment().clock().instant();
        if (packs.isEmpty()) first = now;
        packs.put(pack, content);
        blobs += content.size();
        if (Duration.between(first, now).compareTo(MAX_AGE) >= 0) flush();
    }

    synchronized void flush() {
        if (packs.isEmpty()) return;
        store.accept(IndexJson.encode(packs, List.of()));
        packs.clear();
        blobs = 0;
    }
}
