package dev.holdfast.restic.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackHeaderTest {
    private static final Id ID = Id.hashOf(new byte[1]);
    private static final List<PackedBlob> BLOBS = List.of(
            new PackedBlob(new BlobKey(BlobType.DATA, ID), 0, 38, 0),
            new PackedBlob(new BlobKey(BlobType.TREE, ID), 38, 112, 511));

    @Test
    void theHeaderComesBackWithOffsets() {
        var header = PackHeader.encode(BLOBS);
        assertThat(header).hasSize(37 + 41);
        assertThat(header[0]).isZero();
        assertThat(header[37]).isEqualTo((byte) 3);
        assertThat(PackHeader.fileBytes(BLOBS)).isEqualTo(38 + 112 + 32 + 37 + 41 + 4);
        assertThat(PackHeader.decode(header, PackHeader.fileBytes(BLOBS))).isEqualTo(BLOBS);
    }

    @Test
    void everyCutAndEveryOtherFileSizeIsDamage() {
        var header = PackHeader.encode(BLOBS);
        long size = PackHeader.fileBytes(BLOBS);
        for (int length = 0; length < header.length; length++) {
            var cut = Arrays.copyOf(header, length);
            assertThatThrownBy(() -> PackHeader.decode(cut, size)).isInstanceOf(ResticException.Damaged.class);
        }
        for (long other : new long[] {0, size - 1, size + 1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> PackHeader.decode(header, other)).isInstanceOf(ResticException.Damaged.class);
        }
    }

    @Test
    void aHeaderLengthBeyondTheFileIsDamage() {
        for (int length : new int[] {0, 31, 97, -1, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> PackHeader.sealedHeaderBytes(PackHeader.encodeTrailer(length), 100))
                    .isInstanceOf(ResticException.Damaged.class);
        }
        assertThatThrownBy(() -> PackHeader.sealedHeaderBytes(PackHeader.encodeTrailer(17 << 20), 1L << 30))
                .isInstanceOf(ResticException.TooLarge.class);
        assertThat(PackHeader.sealedHeaderBytes(PackHeader.encodeTrailer(96), 100))
                .isEqualTo(96);
    }
}
