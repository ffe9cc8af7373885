package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.IndexJson;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every object of a repository, cut off, changed or blown up: a named error or a report, and never a wrong byte. */
class HostileStorageTest {
    private final MemoryStorage storage = new MemoryStorage();
    private final Random random = new Random(11);
    private final byte[] content = SampleFolder.bytes(new Random(12), 700_000);
    private Repository repository;
    private final List<String> keys = new ArrayList<>();

    @BeforeEach
    void makeRepository() {
        repository = TestRepository.init(storage);
        MemorySource.backup(
                repository,
                MemorySource.file("a", content),
                MemorySource.directory("d", MemorySource.file("log", SampleFolder.log(300_000))));
        keys.add("config");
        for (var folder : List.of("keys", "snapshots", "index", "data")) storage.list(folder, it -> keys.add(it.key()));
    }

    private void forEveryObject(int times, UnaryOperator<byte[]> change) throws IOException {
        for (var key : keys) {
            var original = storage.get(key, 0, Integer.MAX_VALUE);
            for (int i = 0; i < times; i++) {
                replace(key, change.apply(original.clone()));
                assertThat(damageIsNoticed()).as(key).isTrue();
            }
            replace(key, original);
        }
        assertThat(damageIsNoticed()).isFalse();
    }

    private void replace(String key, byte[] bytes) {
        storage.delete(List.of(key));
        new ObjectStore(storage).put(key, Content.of(bytes));
    }

    /** Opens, checks and restores; what is restored must be right in any case. */
    private boolean damageIsNoticed() {
        try {
            var opened = Repository.open(storage, TestRepository.PASSWORD);
            // Without the locks of check and restore, which wait 200 ms each.
            var snapshots = opened.snapshots();
            var index = opened.indexFiles().load();
            var reader = new BlobReader(opened, index);
            for (int pack = 0; pack < index.packCount(); pack++) {
                var key = ObjectStore.packKey(index.pack(pack));
                var bytes = opened.objects().whole(key, 10 << 20);
                if (!PackReader.header(opened, bytes).equals(index.blobsOf(pack))) return true;
                if (!PackReader.header(opened, index.pack(pack), bytes.length).equals(index.blobsOf(pack))) return true;
            }
            var read = new ArrayList<byte[]>();
            var walk = new TreeWalk(index, reader);
            for (var snapshot : snapshots) walk.walk(snapshot.snapshot().tree(), new Reading(reader, read));
            assertThat(read).anyMatch(bytes -> Arrays.equals(bytes, content));
            return false;
        } catch (ResticException e) {
            return true;
        }
    }

    private record Reading(BlobReader reader, List<byte[]> read) implements TreeWalk.Visitor {
        @Override
        public void tree(Id id, List<dev.holdfast.restic.format.Node> nodes) {
            for (var node : nodes) {
                if (!(node.kind() instanceof dev.holdfast.restic.format.Node.File file)) continue;
                for (var blob : file.content()) read.add(reader.read(new BlobKey(BlobType.DATA, blob)));
            }
        }

        @Override
        public void unreadable(Id id, ResticException why) {
            throw why;
        }
    }

    @Test
    void flippedBitsAreNoticed() throws IOException {
        forEveryObject(30, bytes -> {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            return bytes;
        });
    }

    @Test
    void cutOffObjectsAreNoticed() throws IOException {
        forEveryObject(15, bytes -> Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    }

    @Test
    void emptyObjectsAreNoticed() throws IOException {
        forEveryObject(1, _ -> new byte[0]);
    }

    @Test
    void longerObjectsAreNoticed() throws IOException {
        forEveryObject(3, bytes -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100)));
    }

    @Test
    void objectsOfOtherPlacesAreNoticed() throws IOException {
        var snapshot = storage.get(
                keys.stream()
                        .filter(it -> it.startsWith("snapshots"))
                        .findFirst()
                        .orElseThrow(),
                0,
                9999);
        for (var key : keys) {
            if (key.startsWith("snapshots")) continue;
            var original = storage.get(key, 0, Integer.MAX_VALUE);
            replace(key, snapshot);
            assertThat(damageIsNoticed()).as(key).isTrue();
            replace(key, original);
        }
    }

    @Test
    void ofAHugeObjectNoMoreIsReadThanBelongsToASmallOne() {
        var limit = repository.environment().limits().smallObject();
        var huge = new TestRepository.Forwarding(storage) {
            @Override
            public byte[] get(String key, long offset, int length) {
                assertThat(offset + length).as(key).isLessThanOrEqualTo(limit + 1);
                return new byte[length];
            }
        };
        assertThatThrownBy(() -> Repository.open(huge, repository.masterKey(), repository.environment()))
                .isInstanceOf(ResticException.TooLarge.class);
    }

    @Test
    void anIndexThatClaimsAHugeBlobIsNotBelieved() {
        var key = new BlobKey(BlobType.DATA, Id.hashOf(new byte[] {1}));
        var packs = Map.of(Id.hashOf(new byte[0]), List.of(new PackedBlob(key, 0, 100, Integer.MAX_VALUE)));
        repository.indexFiles().store(IndexJson.encode(packs, List.of()));
        var reader = new BlobReader(repository, repository.indexFiles().load());
        assertThatThrownBy(() -> reader.read(key)).isInstanceOf(ResticException.TooLarge.class);
    }

    @Test
    void aTreeThatContainsItselfIsWalkedOnce() {
        // A tree cannot name its own hash, so the same empty tree many times stands for it.
        var backup = MemorySource.backup(
                repository, MemorySource.directory("x"), MemorySource.directory("y"), MemorySource.directory("z"));
        var index = repository.indexFiles().load();
        var visited = new ArrayList<Id>();
        new TreeWalk(index, new BlobReader(repository, index))
                .walk(backup.snapshot().snapshot().tree(), new TreeWalk.Visitor() {
                    @Override
                    public void tree(Id id, List<dev.holdfast.restic.format.Node> nodes) {
                        visited.add(id);
                    }

                    @Override
                    public void unreadable(Id id, ResticException why) {
                        throw why;
                    }
                });
        assertThat(visited).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void theCheckReportsEveryDamagedPackAndGoesOn() throws IOException {
        // given
        var packs = keys.stream().filter(it -> it.startsWith("data/")).toList();
        for (var key : packs) {
            var bytes = storage.get(key, 0, Integer.MAX_VALUE);
            bytes[bytes.length / 3] ^= 1;
            replace(key, bytes);
        }
        // when
        var report = Checker.check(repository, new Checker.ReadData.Everything(), 2, Progress.silent());
        // then
        assertThat(packs).hasSizeGreaterThan(1);
        for (var key : packs) {
            var pack = key.substring(key.lastIndexOf('/') + 1);
            assertThat(report.errors()).anyMatch(it -> it.contains(pack));
        }
    }
}
