package dev.holdfast.restic;

import static dev.holdfast.restic.MemorySource.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestorerTest {

    private final AtomicLong bytesRead = new AtomicLong();
    private final MemoryStorage storage = new MemoryStorage();
    private final Repository repository = TestRepository.init(new TestRepository.Forwarding(storage) {
        @Override
        public byte[] get(String key, long offset, int length) throws IOException {
            if (key.startsWith("data/")) bytesRead.addAndGet(length);
            return super.get(key, offset, length);
        }
    });

    @Test
    void ofAFileThatTheSinkRefusesNoMoreIsRead() {
        var backup = MemorySource.backup(repository, file("large", SampleFolder.bytes(new Random(1), 40_000_000)));

        var result = restore(backup, new Refusing());

        assertThat(result.failures()).containsExactly("/large: no room");
        assertThat(result.damage()).isEmpty();
        assertThat(bytesRead.get()).isLessThan(20_000_000);
    }

    private RestoreResult restore(BackupResult backup, RestoreSink sink) {
        return Restorer.restore(repository, backup.snapshot().id(), Selection.all(), sink, Progress.silent(), 1);
    }

    /** Takes no file. */
    private record Refusing() implements RestoreSink {
        @Override
        public void openDirectory(NodePath path, Node node) {}

        @Override
        public void closeDirectory(NodePath path, Node node) {}

        @Override
        public OutputStream openFile(NodePath path, Node node) throws IOException {
            throw new IOException("no room");
        }

        @Override
        public void closeFile(NodePath path, Node node) {}

        @Override
        public void other(NodePath path, Node node) {}
    }
}
