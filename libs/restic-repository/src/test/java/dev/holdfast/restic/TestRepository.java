package dev.holdfast.restic;

import dev.holdfast.restic.chunk.Polynomial;
import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.KeyFile;
import dev.holdfast.restic.format.Limits;
import dev.holdfast.restic.format.Zstd;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.MemoryStorage;
import dev.holdfast.restic.storage.Storage;
import dev.holdfast.restic.storage.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Repositories for tests: with a cheap key, and a clock that tests set. */
final class TestRepository {
    static final String PASSWORD = "pässwörd";

    private TestRepository() {}

    static Repository init(Storage storage, Environment environment) {
        return init(storage, PASSWORD, environment);
    }

    static Repository init(Storage storage, String password) {
        return init(storage, password, Environment.ofThisProcess());
    }

    private static Repository init(Storage storage, String password, Environment environment) {
        var random = environment.random();
        var wanted = new NewRepository(
                password, KeySet.random(random), Polynomial.parse("3da3358b4dc173"), new KeyFile.Cost(16, 8, 1));
        return Repository.init(storage, wanted, environment);
    }

    static Repository init(Storage storage) {
        return init(storage, Environment.ofThisProcess());
    }

    /** Stores the content once more, in a pack of its own, and cuts off the pack that look-ups find it in. */
    static Id cutOffBesideACopy(Repository repository, MemoryStorage storage, byte[] content) throws IOException {
        Id blob;
        try (var writer = BlobWriter.open(repository, new BlobIndex(), WriterOptions.defaults(), () -> {})) {
            blob = writer.storeFile(new ByteArrayInputStream(content)).blobs().getFirst();
            writer.flush();
        }
        var index = repository.indexFiles().load();
        var pack = index.packOf(index.find(new BlobKey(BlobType.DATA, blob)));
        var key = ObjectStore.packKey(pack);
        var part = storage.get(key, 0, (int) storage.size(key) / 2);
        storage.delete(List.of(key));
        storage.putIfAbsent(key, Content.of(part));
        return pack;
    }

    /** An environment whose time stands still until a test moves it. */
    static final class Clock {
        private Instant now = Instant.parse("2026-11-20T12:00:00Z");

        void advanceSeconds(long seconds) {
            now = now.plusSeconds(seconds);
        }

        Instant now() {
            return now;
        }

        Environment environment() {
            return new Environment(
                    this::now, new SecureRandom(), "testhost", "tester", 1, Limits.forThisHeap(), Zstd.Engine.JAVA);
        }
    }

    /** A storage to change in single points. */
    static class Forwarding implements Storage {
        private final Storage storage;

        Forwarding(Storage storage) {
            this.storage = storage;
        }

        @Override
        public void list(String folder, Consumer<StoredObject> visitor) throws IOException {
            storage.list(folder, visitor);
        }

        @Override
        public byte[] get(String key, long offset, int length) throws IOException {
            return storage.get(key, offset, length);
        }

        @Override
        public long size(String key) throws IOException {
            return storage.size(key);
        }

        @Override
        public boolean putIfAbsent(String key, Content content) throws IOException {
            return storage.putIfAbsent(key, content);
        }

        @Override
        public void delete(List<String> keys) throws IOException {
            storage.delete(keys);
        }
    }
}
