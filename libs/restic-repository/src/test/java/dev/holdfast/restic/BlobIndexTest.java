package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackedBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlobIndexTest {
    private static final int LARGE = 600_000;

    private static Id id(int number) {
        return Id.hashOf(ByteBuffer.allocate(4).putInt(number).array());
    }

    @Test
    void everyOneOfManyBlobsIsFoundAndNoOther() {
        var index = new BlobIndex();
        for (int pack = 0; pack < 100; pack++) {
            var blobs = new ArrayList<PackedBlob>();
            for (int i = 0; i < 50; i++) {
                blobs.add(new PackedBlob(new BlobKey(BlobType.DATA, id(pack * 50 + i)), i * 40, 40, i));
            }
            index.add(id(-pack - 1), blobs);
        }
        for (int i = 0; i < 5000; i++) {
            int entry = index.find(new BlobKey(BlobType.DATA, id(i)));
            assertThat(index.packOf(entry)).isEqualTo(id(-i / 50 - 1));
            assertThat(index.blob(entry)).isEqualTo(index.blobsOf(i / 50).get(i % 50));
            assertThat(index.contains(new BlobKey(BlobType.TREE, id(i)))).isFalse();
        }
        assertThat(index.contains(new BlobKey(BlobType.DATA, id(5000)))).isFalse();
    }

    @Test
    void theFirstOfTwoPacksWithABlobIsFoundFirst() {
        var index = new BlobIndex();
        var blob = new PackedBlob(new BlobKey(BlobType.TREE, id(1)), 0, 50, 99);
        index.add(id(2), List.of(blob));
        index.add(id(3), List.of());
        index.add(id(4), List.of(blob));
        assertThat(index.packOf(index.find(blob.key()))).isEqualTo(id(2));
        assertThat(index.findAll(blob.key())).extracting(index::packOf).containsExactly(id(2), id(4));
        assertThat(index.blobsOf(1)).isEmpty();
    }

    @Test
    void manyBlobsLieInFilesWithoutNamesThatGoWithTheIndex() throws IOException {
        var before = mappings().size();

        requireManyAreFound();

        var deadline = System.nanoTime() + 10_000_000_000L;
        while (mappings().size() > before && System.nanoTime() < deadline) System.gc();
        assertThat(mappings()).hasSizeLessThanOrEqualTo(before);
    }

    /** In a method of its own, so that nobody has the index when it ends. */
    private static void requireManyAreFound() throws IOException {
        var index = large();
        assertThat(index.fileBytes()).isGreaterThan(3 * 13_000_000L);
        assertThat(mappings()).isNotEmpty().allMatch(it -> it.endsWith("(deleted)"));
        for (int i = 0; i < LARGE; i += 7) {
            int entry = index.find(key(i));
            if (entry != i) throw new AssertionError(i + " is at " + entry);
            if (!index.packOf(entry).equals(key(-1 - i / 1000).id())) throw new AssertionError(i + ": wrong pack");
            if (index.contains(key(LARGE + i))) throw new AssertionError(i + " is not absent");
        }
        assertThat(index.blob(LARGE - 1)).isEqualTo(new PackedBlob(key(LARGE - 1), 999, 40, LARGE - 1));
        assertThat(index.blobsOf(599)).hasSize(1000);
    }

    private static BlobIndex large() {
        var index = new BlobIndex();
        for (int pack = 0; pack < LARGE / 1000; pack++) {
            var blobs = new ArrayList<PackedBlob>();
            for (int i = 0; i < 1000; i++) blobs.add(new PackedBlob(key(pack * 1000 + i), i, 40, pack * 1000 + i));
            index.add(key(-1 - pack).id(), blobs);
        }
        return index;
    }

    /** As evenly spread as hashes are, and quicker. */
    private static BlobKey key(int number) {
        var random = new SplittableRandom(number);
        var id = new Id(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
        return new BlobKey(BlobType.DATA, id);
    }

    /** Of indexes, by this process. */
    private static List<String> mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(it -> it.contains("/index-")).toList();
        }
    }
}
