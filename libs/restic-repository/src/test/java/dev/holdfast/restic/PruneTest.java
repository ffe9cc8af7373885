package dev.holdfast.restic;

import static dev.holdfast.restic.MemorySource.directory;
import static dev.holdfast.restic.MemorySource.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.IndexJson;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PruneTest {
    private final TestRepository.Clock clock = new TestRepository.Clock();
    private final MemoryStorage storage = new MemoryStorage();
    private final Repository repository = TestRepository.init(storage, clock.environment());
    private final byte[] kept = SampleFolder.bytes(new Random(1), 3_000_000);
    private final byte[] dropped = SampleFolder.bytes(new Random(2), 3_000_000);

    /** One pack that is half used, and trees that are not used any more. */
    private StoredSnapshot keptAfterDropping() {
        MemorySource.backup(repository, file("kept", kept), file("dropped", dropped));
        clock.advanceSeconds(60);
        var snapshot = MemorySource.backup(repository, file("kept", kept)).snapshot();
        Forget.forget(repository, KeepPolicy.last(1));
        return snapshot;
    }

    private long dataBytes() {
        return repository.objects().list("data").stream()
                .mapToLong(ObjectStore.Named::sizeBytes)
                .sum();
    }

    private PruneResult prune(PruneOptions options) {
        return Prune.prune(repository, options, Progress.silent());
    }

    private void assertClean() {
        var report = Checker.check(repository, new Checker.ReadData.Everything(), 1, Progress.silent());
        assertThat(report.errors()).isEmpty();
        assertThat(report.hints()).isEmpty();
    }

    private void assertRestores(StoredSnapshot snapshot) {
        var sink = new MemorySink();
        Restorer.restore(repository, snapshot.id(), Selection.all(), sink, Progress.silent());
        assertThat(sink.files().get("/kept")).isEqualTo(kept);
    }

    @Test
    void unusedBlobsGoAndUsedOnesStay() {
        var snapshot = keptAfterDropping();
        var result = prune(PruneOptions.defaults());
        assertThat(result.repacked()).isEqualTo(1);
        assertThat(dataBytes()).isBetween(3_000_000L, 3_050_000L);
        assertClean();
        assertRestores(snapshot);
    }

    @Test
    void aDryRunChangesNothing() {
        keptAfterDropping();
        long before = dataBytes();
        assertThat(prune(PruneOptions.defaults().withDryRun()).freedBytes()).isGreaterThan(6_000_000);
        assertThat(dataBytes()).isEqualTo(before);
        assertClean();
    }

    @Test
    void aPackThatIsUnusedEnoughStaysIfSoMuchIsAllowed() {
        keptAfterDropping();
        assertThat(prune(PruneOptions.defaults().withMaxUnused(0.9)).repacked()).isZero();
    }

    @Test
    void withAGraceAPackIsMarkedFirstAndDeletedByALaterPrune() {
        // given
        var snapshot = keptAfterDropping();
        var twoDays = PruneOptions.defaults().withGrace(Duration.ofDays(2));
        // when
        var first = prune(twoDays);
        long afterFirst = dataBytes();
        clock.advanceSeconds(2 * 86_400 - 1);
        var tooEarly = prune(twoDays);
        clock.advanceSeconds(1);
        var last = prune(twoDays);
        // then
        assertThat(first.marked()).isGreaterThanOrEqualTo(1);
        assertThat(first.deleted()).isZero();
        assertThat(afterFirst).isGreaterThan(9_000_000);
        assertThat(tooEarly.deleted()).isZero();
        assertThat(last.deleted()).isEqualTo(first.marked());
        assertThat(dataBytes()).isBetween(3_000_000L, 3_050_000L);
        assertClean();
        assertRestores(snapshot);
    }

    @Test
    void aMarkedPackIsTakenBackWhenASnapshotUsesIt() {
        // given: a writer that knew the index before it was pruned
        var old = MemorySource.backup(repository, file("kept", kept)).snapshot();
        clock.advanceSeconds(60);
        MemorySource.backup(repository, directory("other", file("x", new byte[1])));
        Forget.forget(repository, KeepPolicy.last(1));
        var twoDays = PruneOptions.defaults().withGrace(Duration.ofDays(2));
        prune(twoDays);
        // when: it stores its snapshot
        var late = repository.store(repository.seal(old.snapshot()));
        assertRestores(late);
        var result = prune(twoDays);
        // then
        assertThat(result.revived()).isGreaterThanOrEqualTo(1);
        assertClean();
        assertRestores(late);
    }

    @Test
    void nothingIsRemovedWhenSomethingUsedIsMissing() {
        // given
        keptAfterDropping();
        var indexes = repository.objects().list("index");
        repository
                .objects()
                .delete(List.of(ObjectStore.key("index", indexes.getFirst().id())));
        long before = dataBytes();
        // then
        assertThatThrownBy(() -> prune(PruneOptions.defaults())).isInstanceOf(ResticException.Missing.class);
        assertThat(dataBytes()).isEqualTo(before);
    }

    @Test
    void nothingIsRemovedWhenAUsedPackIsCutOff() throws IOException {
        // given
        var snapshot = MemorySource.backup(repository, file("kept", kept)).snapshot();
        TestRepository.cutOffBesideACopy(repository, storage, kept);
        long before = dataBytes();
        // then
        assertThatThrownBy(() -> prune(PruneOptions.defaults()))
                .isInstanceOf(ResticException.Missing.class)
                .hasMessageContaining("by the index");
        assertThat(dataBytes()).isEqualTo(before);
        assertRestores(snapshot);
    }

    @Test
    void aPackOfWhichTheIndexNamesOnlyAPartIsNotCutOff() {
        // given
        var snapshot = keptAfterDropping();
        var index = repository.indexFiles().load();
        var plan = PrunePlan.of(index, new BlobReader(repository, index), repository.snapshots(), 0.05, _ -> {});
        var used = new HashMap<Id, List<PackedBlob>>();
        for (int entry = 0; entry < index.size(); entry++) {
            if (!plan.isUsed(entry)) continue;
            used.computeIfAbsent(index.packOf(entry), _ -> new ArrayList<>()).add(index.blob(entry));
        }
        for (var old : repository.indexFiles().list()) {
            repository.objects().delete(List.of(ObjectStore.key("index", old)));
        }
        repository.indexFiles().store(IndexJson.encode(used, List.of()));
        // when
        var result = prune(PruneOptions.defaults());
        // then
        assertThat(result.repacked()).isZero();
        assertThat(dataBytes()).isGreaterThan(6_000_000);
        assertRestores(snapshot);
    }

    @Test
    void anUnreferencedPackGoes() {
        MemorySource.backup(repository, file("kept", kept));
        MemorySource.backup(repository, file("kept", kept), file("x", new byte[9]));
        repository
                .objects()
                .delete(repository.objects().list("index").stream()
                        .map(it -> ObjectStore.key("index", it.id()))
                        .toList());
        repository
                .objects()
                .delete(repository.objects().list("snapshots").stream()
                        .map(it -> ObjectStore.key("snapshots", it.id()))
                        .toList());
        prune(PruneOptions.defaults());
        assertThat(dataBytes()).isZero();
    }

    @Test
    void aBackupThatRunsKeepsPruneAway() {
        try (var _ = repository.lock(RepositoryLock.Kind.SHARED)) {
            assertThatThrownBy(() -> prune(PruneOptions.defaults())).isInstanceOf(ResticException.Locked.class);
        }
    }
}
