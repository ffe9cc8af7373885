package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackedBlob;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlobIndexTest {
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
}
