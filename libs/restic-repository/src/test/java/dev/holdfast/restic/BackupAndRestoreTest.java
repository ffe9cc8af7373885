package dev.holdfast.restic;

import static dev.holdfast.restic.MemorySource.directory;
import static dev.holdfast.restic.MemorySource.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackupAndRestoreTest {
    private static final ExtendedAttribute MARK =
            new ExtendedAttribute(TreeBuilder.SPLIT_ATTRIBUTE, ByteString.of("1"));
    private static final Attributes MARKED =
            Attributes.of(0755, MemorySource.MODIFIED).withExtended(List.of(MARK));

    private final MemoryStorage storage = new MemoryStorage();
    private final Repository repository = TestRepository.init(storage);

    private MemorySink restore(BackupResult backup, Selection selection) {
        var sink = new MemorySink();
        var result = Restorer.restore(repository, backup.snapshot().id(), selection, sink, Progress.silent());
        assertThat(result.failures()).isEmpty();
        return sink;
    }

    @Test
    void whatWentInComesOut() {
        var large = SampleFolder.bytes(new Random(1), 5_000_000);
        var backup = MemorySource.backup(
                repository,
                file("large", large),
                directory("d", file("small", new byte[] {1, 2}), file("e", new byte[0])));
        var sink = restore(backup, Selection.all());
        assertThat(sink.files().keySet()).containsExactly("/d/e", "/d/small", "/large");
        assertThat(sink.files().get("/large")).isEqualTo(large);
        assertThat(sink.files().get("/d/small")).containsExactly(1, 2);
    }

    @Test
    void onlyTheSelectedFilesAndTheDirectoriesAroundThemAreRestored() {
        var backup = MemorySource.backup(
                repository,
                directory("a", file("x.log", new byte[1]), file("y", new byte[1])),
                directory("b", directory("c", file("z.log", new byte[1]))),
                directory("d", file("w", new byte[1])));
        assertThat(restore(backup, Selection.globs(List.of("*.log"))).names())
                .containsExactly("/a", "/a/x.log", "/b", "/b/c", "/b/c/z.log");
        assertThat(restore(backup, Selection.globs(List.of("/b"))).names()).containsExactly("/b", "/b/c", "/b/c/z.log");
        assertThat(restore(backup, Selection.globs(List.of("/?/**/z.*"))).names())
                .containsExactly("/b", "/b/c", "/b/c/z.log");
        assertThat(restore(backup, Selection.path(NodePath.of("/d/w"))).names()).containsExactly("/d", "/d/w");
    }

    @Test
    void anUnchangedFileIsNotReadAgain() {
        // given
        MemorySource.backup(repository, file("a", new byte[] {1}), file("b", new byte[] {2}));
        var unreadable = new SourceFile(ByteString.of("a"), Attributes.of(0600, MemorySource.MODIFIED), 1, () -> {
            throw new IOException("read again");
        });
        // when
        var second = MemorySource.backup(
                repository, unreadable, file("b", new byte[] {3}, MemorySource.MODIFIED.plusNanos(1)));
        // then
        assertThat(second.failures()).isEmpty();
        assertThat(second.summary().filesUnmodified()).isEqualTo(1);
        assertThat(second.summary().filesChanged()).isEqualTo(1);
        assertThat(restore(second, Selection.all()).files().get("/a")).containsExactly(1);
    }

    @Test
    void equalContentIsStoredOnce() {
        var content = SampleFolder.bytes(new Random(2), 2_000_000);
        var first = MemorySource.backup(repository, file("a", content), file("b", content));
        var second = MemorySource.backup(repository, file("c", content));
        assertThat(first.summary().dataAddedPacked()).isBetween(2_000_000L, 2_010_000L);
        assertThat(second.summary().dataBlobs()).isZero();
    }

    @Test
    void aFileThatCannotBeReadIsReportedAndLeftOut() {
        var broken = new SourceFile(ByteString.of("broken"), Attributes.of(0600, MemorySource.MODIFIED), 9, () -> {
            throw new IOException("permission denied");
        });
        var backup = MemorySource.backup(repository, broken, file("fine", new byte[1]));
        assertThat(backup.failures()).singleElement().asString().contains("/broken", "permission denied");
        assertThat(restore(backup, Selection.all()).files()).containsOnlyKeys("/fine");
    }

    @Test
    void aFlatDirectoryIsSplitAndPutTogetherAgain() {
        // given
        var entries = new ArrayList<SourceEntry>();
        for (int i = 0; i < 120_000; i++) entries.add(file("n%06d".formatted(i), new byte[0]));
        // when
        var first = MemorySource.backup(repository, directory("flat", entries));
        entries.add(60_001, file("n060000-inserted", new byte[0]));
        var second = MemorySource.backup(repository, directory("flat", entries));
        // then
        assertThat(first.snapshot().snapshot().tags()).containsExactly("flat-split");
        assertThat(second.summary().filesUnmodified()).isEqualTo(120_000);
        assertThat(second.summary().treeBlobs())
                .as("one part, the parts' list, the root")
                .isEqualTo(3);
        assertThat(restore(second, Selection.all()).files()).hasSize(120_001).containsKey("/flat/n060000-inserted");
    }

    @Test
    void anUnsortedFlatDirectoryIsRefused() {
        var entries = new ArrayList<SourceEntry>();
        for (int i = 0; i < 50_010; i++) entries.add(file("n%06d".formatted(60_000 - i), new byte[0]));
        assertThatThrownBy(() -> MemorySource.backup(repository, directory("flat", entries)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in order");
    }

    @Test
    void aDirectoryThatHasTheMarkOfAPartInTheSourceIsNone() {
        var other = new ExtendedAttribute("user.other", ByteString.of("2"));
        for (var name : List.of("zed", "~000000")) {
            var attributes = MARKED.withExtended(List.of(MARK, other));
            var marked = new SourceDirectory(
                    ByteString.of(name), attributes, List.of(file("bob", new byte[] {1}))::iterator);

            var backup = MemorySource.backup(repository, file("bob", new byte[] {2}), marked);

            var files = restore(backup, Selection.all()).files();
            assertThat(files).containsOnlyKeys("/bob", "/" + name + "/bob");
            assertThat(files.get("/bob")).containsExactly(2);
            var stored = SnapshotTree.open(repository)
                    .find(backup.snapshot().id(), NodePath.of(name))
                    .orElseThrow();
            assertThat(stored.attributes().extended()).containsExactly(other);
        }
    }

    @Test
    void aMarkedDirectoryThatHasNotTheNameOfAPartIsNone() {
        for (var name : List.of("zed", "~00000", "~00000g", "~0000000", "~00000A")) {
            assertThat(TreeBuilder.isSplitPart(marked(name))).as(name).isFalse();
        }
        assertThat(TreeBuilder.isSplitPart(marked("~00000c"))).isTrue();
    }

    private static Node marked(String name) {
        return new Node(ByteString.of(name), new Node.Directory(Id.hashOf(new byte[0])), MARKED);
    }

    @Test
    void cancellingStopsWithoutASnapshotAndReleasesTheLock() {
        var progress = new Progress[1];
        progress[0] = new Progress((_, bytes, _) -> {
            if (bytes > 2_000_000) progress[0].cancel();
        });
        var request = MemorySource.request(repository, MemorySource.mixed(3));
        assertThatThrownBy(() -> BackupWriter.backup(repository, request, progress[0]))
                .isInstanceOf(ResticException.Cancelled.class);
        assertThat(repository.snapshots()).isEmpty();
        assertThat(RepositoryLock.list(repository)).isEmpty();
    }

    @Test
    void progressCountsFilesAndBytes() {
        var progress = Progress.silent();
        var result = BackupWriter.backup(repository, MemorySource.request(repository, MemorySource.mixed(4)), progress);
        assertThat(progress.files()).isEqualTo(63);
        assertThat(progress.bytes()).isEqualTo(result.summary().totalBytesProcessed());
    }

    @Test
    void aStorageThatFailsEndsTheBackup() {
        var failing = new TestRepository.Forwarding(storage) {
            @Override
            public boolean putIfAbsent(String key, Content content) throws IOException {
                if (key.startsWith("data/")) throw new IOException("disk full");
                return super.putIfAbsent(key, content);
            }
        };
        var broken = Repository.open(failing, repository.masterKey(), repository.environment());
        assertThatThrownBy(() -> MemorySource.backup(broken, file("a", new byte[1])))
                .isInstanceOf(ResticException.StorageFailed.class)
                .hasMessageContaining("disk full");
        assertThat(repository.snapshots()).isEmpty();
    }

    @Test
    void aSlowStorageSlowsTheReader() throws Exception {
        // given: a storage that stores nothing until it is told to
        var gate = new java.util.concurrent.CountDownLatch(1);
        var stuck = new TestRepository.Forwarding(storage) {
            @Override
            public boolean putIfAbsent(String key, Content content) throws IOException {
                try {
                    if (key.startsWith("data/")) gate.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.putIfAbsent(key, content);
            }
        };
        var blocked = Repository.open(stuck, repository.masterKey(), repository.environment());
        var read = new AtomicLong();
        var endless = new SourceFile(
                ByteString.of("big"), Attributes.of(0600, MemorySource.MODIFIED), -1, () -> counted(120 << 20, read));
        var request = MemorySource.request(blocked, directory("root", endless)).withOptions(KilledWriter.SMALL_PACKS);
        // when
        var backup = Thread.ofVirtual().start(() -> BackupWriter.backup(blocked, request, Progress.silent()));
        long before;
        do {
            before = read.get();
            Thread.sleep(300);
        } while (read.get() != before || before == 0);
        // then
        assertThat(before).isLessThan(60 << 20);
        gate.countDown();
        backup.join();
        assertThat(read.get()).isEqualTo(120 << 20);
        assertThat(repository.snapshots()).hasSize(1);
    }

    private static InputStream counted(int length, AtomicLong read) {
        var random = new SplittableRandom(5);
        return new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] bytes, int offset, int wanted) {
                if (read.get() == length) return -1;
                int count = (int) Math.min(wanted, length - read.get());
                var piece = new byte[count];
                random.nextBytes(piece);
                System.arraycopy(piece, 0, bytes, offset, count);
                read.addAndGet(count);
                return count;
            }
        };
    }

    @Test
    void aStreamOfUnknownLengthIsReadToItsEnd() {
        var content = SampleFolder.bytes(new Random(6), 1_234_567);
        var stream = new SourceFile(
                ByteString.of("s"),
                Attributes.of(0600, MemorySource.MODIFIED),
                -1,
                () -> new ByteArrayInputStream(content));
        var backup = MemorySource.backup(repository, stream);
        assertThat(restore(backup, Selection.all()).files().get("/s")).isEqualTo(content);
    }
}
