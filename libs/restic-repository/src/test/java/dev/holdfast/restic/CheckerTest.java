package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.MemoryStorage;
import dev.holdfast.restic.storage.Stated;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a check by checksums finds, and that it reads no more than one that looks at the structure. */
class CheckerTest {
    private final MemoryStorage memory = new MemoryStorage();
    private final Vouching storage = new Vouching(memory);
    private Repository repository;

    /** Keeps a checksum of every object, but for some. */
    private static final class Vouching extends TestRepository.Forwarding {
        private final Set<String> withoutChecksum = new TreeSet<>();
        private final Set<String> read = new ConcurrentSkipListSet<>();
        private final Set<String> asked = new ConcurrentSkipListSet<>();

        private Vouching(MemoryStorage storage) {
            super(storage);
        }

        @Override
        public byte[] get(String key, long offset, int length) throws IOException {
            read.add(key);
            return super.get(key, offset, length);
        }

        @Override
        public Optional<Stated> stated(String key) throws IOException {
            assertThat(asked.add(key)).as("asked once for " + key).isTrue();
            var size = size(key);
            if (size < 0 || withoutChecksum.contains(key)) return super.stated(key);
            return Optional.of(new Stated(size, Optional.of(Id.hashOf(super.get(key, 0, (int) size)))));
        }
    }

    @BeforeEach
    void makeRepository() {
        repository = TestRepository.init(storage);
        MemorySource.backup(repository, MemorySource.file("a", SampleFolder.bytes(new Random(1), 700_000)));
    }

    @Test
    void packsAreVouchedForByTheStoreAndNotRead() {
        storage.read.clear();
        check(new Checker.ReadData.Nothing());
        var structure = Set.copyOf(storage.read);
        storage.read.clear();

        var report = check(new Checker.ReadData.Checksums());

        assertThat(report.errors()).isEmpty();
        assertThat(report.packsVouchedFor()).isEqualTo(packs().size()).isEqualTo(2);
        assertThat(report.packsWithoutChecksum()).isZero();
        assertThat(report.packsRead()).isZero();
        assertThat(storage.asked).containsExactlyInAnyOrderElementsOf(packs());
        assertThat(storage.read).isEqualTo(structure);
    }

    @Test
    void packWithoutChecksumIsCountedAndNoError() {
        storage.withoutChecksum.add(packs().getFirst());

        var report = check(new Checker.ReadData.Checksums());

        assertThat(report.errors()).isEmpty();
        assertThat(report.packsVouchedFor()).isEqualTo(1);
        assertThat(report.packsWithoutChecksum()).isEqualTo(1);
    }

    @Test
    void otherBytesOfTheSameSizeAreFoundByTheirChecksum() throws IOException {
        var pack = dataPack();
        var bytes = memory.get(pack, 0, Integer.MAX_VALUE);
        bytes[1_000] ^= 1;
        replace(pack, bytes);

        assertThat(check(new Checker.ReadData.Nothing()).errors()).isEmpty();
        var report = check(new Checker.ReadData.Checksums());

        assertThat(report.errors()).singleElement().asString().contains(name(pack), "by the store's checksum");
        assertThat(report.packsVouchedFor()).isEqualTo(1);
    }

    @Test
    void shortPackIsFoundOnce() throws IOException {
        var pack = dataPack();
        replace(pack, memory.get(pack, 0, 10_000));

        assertThat(check(new Checker.ReadData.Checksums()).errors())
                .singleElement()
                .asString()
                .contains(name(pack), "10000 bytes");
        assertThat(storage.asked).hasSize(1);
    }

    @Test
    void missingPackIsFoundOnce() {
        var pack = dataPack();
        memory.delete(List.of(pack));

        assertThat(check(new Checker.ReadData.Checksums()).errors())
                .singleElement()
                .asString()
                .contains(name(pack), "does not exist");
    }

    private CheckReport check(Checker.ReadData readData) {
        return Checker.check(repository, readData, 2, Progress.silent());
    }

    private List<String> packs() {
        var packs = new TreeSet<String>();
        memory.list("data", object -> packs.add(object.key()));
        return List.copyOf(packs);
    }

    /** The larger one of the two: the other one has the directories. */
    private String dataPack() {
        return memory.size(packs().getFirst()) > memory.size(packs().getLast())
                ? packs().getFirst()
                : packs().getLast();
    }

    private void replace(String key, byte[] bytes) throws IOException {
        memory.delete(List.of(key));
        memory.putIfAbsent(key, Content.of(bytes));
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }
}
