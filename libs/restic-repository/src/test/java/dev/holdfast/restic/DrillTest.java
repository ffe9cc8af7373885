package dev.holdfast.restic;

import static dev.holdfast.restic.MemorySource.directory;
import static dev.holdfast.restic.MemorySource.file;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillTest {
    private final Repository repository = TestRepository.init(new MemoryStorage());

    @TempDir
    Path scratch;

    private Drill.Report drill(StoredSnapshot snapshot, int files) throws IOException {
        return Drill.run(repository, snapshot.id(), files, scratch, new Random(7), Progress.silent(), () -> {});
    }

    @Test
    void filesThatComeBackAsTheyWereAreCounted() throws IOException {
        var request = MemorySource.request(repository, MemorySource.mixed(1));
        var snapshot =
                BackupWriter.backup(repository, request, Progress.silent()).snapshot();

        var some = drill(snapshot, 5);

        assertThat(some.files()).isEqualTo(5);
        assertThat(some.bytes()).isPositive();
        assertThat(some.errors()).isEmpty();
    }

    @Test
    void allFilesAreTriedWhenThereAreNoMore() throws IOException {
        var snapshot = MemorySource.backup(
                        repository,
                        file("empty", new byte[0]),
                        file("a", new byte[] {1, 2, 3}),
                        directory("sub", file("b", SampleFolder.bytes(new Random(1), 3_000_000))))
                .snapshot();

        var report = drill(snapshot, 20);

        assertThat(report).isEqualTo(new Drill.Report(3, 3_000_003, List.of()));
    }

    @Test
    void snapshotWithoutFilesIsNoFailure() throws IOException {
        var snapshot = MemorySource.backup(repository, directory("nothing")).snapshot();

        assertThat(drill(snapshot, 20)).isEqualTo(new Drill.Report(0, 0, List.of()));
    }

    @Test
    void fileWhoseDataIsGoneIsNamed() throws IOException {
        var snapshot = MemorySource.backup(
                        repository, directory("sub", file("b", SampleFolder.bytes(new Random(1), 3_000_000))))
                .snapshot();
        var largest = repository.objects().list("data").stream()
                .max(Comparator.comparingLong(ObjectStore.Named::sizeBytes))
                .orElseThrow();
        repository.objects().delete(List.of(ObjectStore.packKey(largest.id())));

        var report = drill(snapshot, 20);

        assertThat(report.files()).isZero();
        assertThat(report.errors()).isNotEmpty().anyMatch(error -> error.contains("/sub/b"));
    }

    /** Such an entry would else be chosen as a small one, and fill the disk. */
    @Test
    void noMoreIsWrittenThanTheEntryOfAFileSays() throws IOException {
        // given
        var whole = MemorySource.backup(repository, file("a", SampleFolder.bytes(new Random(1), 100_000)))
                .snapshot()
                .snapshot();
        Id tree;
        try (var writer = BlobWriter.open(repository, WriterOptions.defaults())) {
            var blob = ((Node.File) writer.trees().tree(whole.tree()).getFirst().kind())
                    .content()
                    .getFirst();
            var lying = new Node.File(150_000, Collections.nCopies(1_000, blob));
            var directory = new TreeBuilder(writer);
            directory.add(new Node(ByteString.of("a"), lying, Attributes.of(0644, MemorySource.MODIFIED)));
            tree = directory.finish();
            writer.flush();
        }
        var json = new String(whole.encode(), UTF_8).replace(whole.tree().toString(), tree.toString());
        var snapshot = repository.store(repository.seal(Snapshot.decode(json.getBytes(UTF_8))));
        // when
        var report = drill(snapshot, 20);
        // then
        assertThat(report.errors()).anyMatch(error -> error.contains("/a has more bytes than its entry says"));
        assertThat(Files.size(scratch.resolve("0"))).isEqualTo(100_000);
    }
}
