package dev.holdfast.restic;

import static dev.holdfast.restic.MemorySource.directory;
import static dev.holdfast.restic.MemorySource.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.SharedPrune.Condemned;
import dev.holdfast.restic.SharedPrune.Switched;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SharedPruneTest {
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
        forget(snapshot);
        return snapshot;
    }

    /** All but this one. */
    private void forget(StoredSnapshot stays) {
        Forget.remove(
                repository,
                repository.snapshotIds().stream()
                        .filter(id -> !id.equals(stays.id()))
                        .toList());
    }

    private Condemned condemn() {
        return SharedPrune.condemn(repository, 0.05, Progress.silent(), () -> {});
    }

    private Switched switchOver(Condemned condemned) {
        return switchOver(condemned, Runnable::run);
    }

    private Switched switchOver(Condemned condemned, Consumer<Runnable> alone) {
        var options = WriterOptions.defaults();
        return SharedPrune.switchOver(repository, condemned.packs(), options, Progress.silent(), () -> {}, alone);
    }

    /** A backup that has read its source, and not stored its snapshot. */
    private PreparedBackup begin(Repository by, SourceEntry... entries) {
        var request = new BackupRequest(
                directory("root", entries),
                List.of("/made/up"),
                "testhost",
                List.of(),
                Optional.empty(),
                false,
                WriterOptions.defaults());
        return BackupWriter.prepare(by, request, Progress.silent());
    }

    private StoredSnapshot end(PreparedBackup begun) {
        return repository.store(repository.seal(begun.snapshot()));
    }

    private Set<Id> packs() {
        return repository.objects().list("data").stream()
                .map(ObjectStore.Named::id)
                .collect(Collectors.toSet());
    }

    private long dataBytes() {
        return repository.objects().list("data").stream()
                .mapToLong(ObjectStore.Named::sizeBytes)
                .sum();
    }

    private void assertClean() {
        var report = Checker.check(repository, new Checker.ReadData.Everything(), 1, Progress.silent());
        assertThat(report.errors()).isEmpty();
        assertThat(report.hints()).isEmpty();
    }

    private void assertRestores(StoredSnapshot snapshot, String path, byte[] content) {
        var sink = new MemorySink();
        Restorer.restore(repository, snapshot.id(), Selection.all(), sink, Progress.silent());
        assertThat(sink.files().get(path)).isEqualTo(content);
    }

    @Test
    void unusedBlobsGoAndUsedOnesStay() {
        // given
        var snapshot = keptAfterDropping();
        long before = dataBytes();
        // when
        var condemned = condemn();
        var switched = switchOver(condemned);
        var readableUntilDeleted = Set.copyOf(packs());
        SharedPrune.delete(repository, switched.packs());
        // then
        assertThat(condemned.repacked()).isEqualTo(1);
        assertThat(condemned.freedBytes()).isBetween(2_900_000L, 3_050_000L);
        assertThat(readableUntilDeleted).containsAll(switched.packs());
        assertThat(before - dataBytes()).isEqualTo(switched.freedBytes());
        assertThat(dataBytes()).isBetween(3_000_000L, 3_050_000L);
        assertClean();
        assertRestores(snapshot, "/kept", kept);
    }

    @Test
    void condemningChangesNothing() {
        keptAfterDropping();
        long before = dataBytes();

        condemn();

        assertThat(dataBytes()).isEqualTo(before);
        assertClean();
    }

    @Test
    void whatABackupThatBeganBeforeRefersToStays() {
        // given
        keptAfterDropping();
        var begun = begin(repository, file("dropped", dropped));
        var condemned = condemn();
        // when
        var ended = end(begun);
        SharedPrune.delete(repository, switchOver(condemned).packs());
        // then
        assertClean();
        assertRestores(ended, "/dropped", dropped);
    }

    @Test
    void packsOfABackupThatHasNoIndexYetStay() {
        // given
        var snapshot = keptAfterDropping();
        var indexes = repository.indexFiles().list();
        var begun = begin(repository, file("fresh", SampleFolder.bytes(new Random(3), 2_000_000)));
        var late = repository.indexFiles().list().stream()
                .filter(id -> !indexes.contains(id))
                .findFirst()
                .orElseThrow();
        var indexObject = repository.objects().whole(ObjectStore.key("index", late), 1 << 20);
        repository.objects().delete(List.of(ObjectStore.key("index", late)));
        // when
        var condemned = condemn();
        repository.objects().putNamed("index", indexObject);
        var ended = end(begun);
        SharedPrune.delete(repository, switchOver(condemned).packs());
        // then
        assertClean();
        assertRestores(ended, "/fresh", SampleFolder.bytes(new Random(3), 2_000_000));
        assertRestores(snapshot, "/kept", kept);
    }

    @Test
    void whatIsCondemnedIsStoredAgainByABackupThatBeginsThen() {
        // given
        var snapshot = keptAfterDropping();
        var condemned = condemn();
        // when
        var begun = begin(repository.avoiding(condemned::packs), file("dropped", dropped), file("kept", kept));
        var switched = switchOver(condemned);
        SharedPrune.delete(repository, switched.packs());
        var ended = end(begun);
        // then
        assertThat(begun.added().dataBytes()).isEqualTo(6_000_000);
        assertThat(switched.packs()).hasSameElementsAs(condemned.packs());
        assertClean();
        assertRestores(ended, "/dropped", dropped);
        assertRestores(snapshot, "/kept", kept);
    }

    @Test
    void whatSomebodyWhoHeedsNothingStoredMeanwhileStays() {
        // given
        keptAfterDropping();
        var condemned = condemn();
        var begun = begin(repository, file("dropped", dropped), file("more", SampleFolder.bytes(new Random(4), 9_000)));
        var late = new StoredSnapshot[1];
        // when
        var switched = switchOver(condemned, last -> {
            late[0] = end(begun);
            last.run();
        });
        SharedPrune.delete(repository, switched.packs());
        // then
        assertClean();
        assertRestores(late[0], "/dropped", dropped);
    }

    @Test
    void stepThatWasCutShortIsRepeated() {
        // given
        var snapshot = keptAfterDropping();
        var condemned = condemn();
        assertThatThrownBy(() -> switchOver(condemned, last -> {
                    throw new ResticException.Locked("somebody");
                }))
                .isInstanceOf(ResticException.Locked.class);
        // when
        var first = switchOver(condemned);
        var again = switchOver(condemned);
        SharedPrune.delete(repository, again.packs());
        SharedPrune.delete(repository, again.packs());
        // then
        assertThat(again.packs()).hasSameElementsAs(first.packs()).hasSameElementsAs(condemned.packs());
        assertThat(dataBytes()).isBetween(3_000_000L, 3_050_000L);
        assertClean();
        assertRestores(snapshot, "/kept", kept);
    }

    @Test
    void nothingIsRemovedWhenSomethingUsedIsMissing() {
        // given
        var snapshot = keptAfterDropping();
        var condemned = condemn();
        var used = repository.objects().list("index").getLast();
        repository.objects().delete(List.of(ObjectStore.key("index", used.id())));
        long before = dataBytes();
        // then
        assertThatThrownBy(() -> switchOver(condemned)).isInstanceOf(ResticException.Missing.class);
        assertThat(dataBytes()).isEqualTo(before);
        assertThat(repository.snapshotIds()).contains(snapshot.id());
    }

    @Test
    void nothingIsCondemnedWhenAUsedPackIsCutOff() throws IOException {
        MemorySource.backup(repository, file("kept", kept));
        TestRepository.cutOffBesideACopy(repository, storage, kept);

        assertThatThrownBy(this::condemn)
                .isInstanceOf(ResticException.Missing.class)
                .hasMessageContaining("by the index");
    }

    @Test
    void nothingIsRemovedWhenAUsedPackWasCutOffSince() throws IOException {
        // given
        var snapshot = MemorySource.backup(repository, file("kept", kept)).snapshot();
        var cutOff = TestRepository.cutOffBesideACopy(repository, storage, kept);
        var others = new HashSet<>(packs());
        others.remove(cutOff);
        // then
        assertThatThrownBy(() -> switchOver(new Condemned(others, 0, 0))).isInstanceOf(ResticException.Missing.class);
        assertRestores(snapshot, "/kept", kept);
    }

    @Test
    void indexThatIsReplacedWhileItIsReadIsReadInItsNewShape() {
        // given
        var snapshot = keptAfterDropping();
        var condemned = condemn();
        var replacing = new boolean[1];
        var slow = new TestRepository.Forwarding(storage) {
            @Override
            public byte[] get(String key, long offset, int length) throws IOException {
                if (key.startsWith("index/") && !replacing[0]) {
                    replacing[0] = true;
                    switchOver(condemned);
                }
                return super.get(key, offset, length);
            }
        };
        // when
        var other = Repository.open(slow, repository.masterKey(), clock.environment());
        var report = Checker.check(other, new Checker.ReadData.Nothing(), 1, Progress.silent(), () -> {});
        // then
        assertThat(report.errors()).isEmpty();
        assertRestores(snapshot, "/kept", kept);
    }
}
