package dev.holdfast.restic.format;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import java.util.Arrays;

/** zstd in pure Java. Keeps buffers: one instance per thread. */
public final class Zstd {
    private final ZstdJavaCompressor compressor = new ZstdJavaCompressor();
    private final ZstdJavaDecompressor decompressor = new ZstdJavaDecompressor();
    private byte[] scratch = new byte[0];

    /** The frame, or empty bytes if it would not be smaller than the input by at least 1/64. */
    public byte[] compress(byte[] plain, int offset, int length) {
        if (length == 0) return new byte[0];
        int bound = compressor.maxCompressedLength(length);
        if (scratch.length < bound) scratch = new byte[bound];
        int size = compressor.compress(plain, offset, length, scratch, 0, bound);
        return size >= length - length / 64 ? new byte[0] : Arrays.copyOf(scratch, size);
    }

    /**
     * Decodes a frame whose plain length is known.
     *
     * @throws ResticException.Damaged if that is no frame, or one of another length
     */
    public byte[] decompress(byte[] frame, int plainLength) {
        var plain = new byte[plainLength];
        int size;
        try {
            size = decompressor.decompress(frame, 0, frame.length, plain, 0, plainLength);
        } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ResticException.Damaged("not a zstd frame of " + plainLength + " bytes", e);
        }
        if (size != plainLength) throw new ResticException.Damaged("zstd: " + size + " bytes, not " + plainLength);
        return plain;
    }

    /**
     * Decodes a frame of unknown plain length from {@code offset} to the end, into larger and larger arrays until it
     * fits: what the frame says of its size is not believed.
     *
     * @throws ResticException.Damaged if that is no frame, or one of more than {@code limit} bytes
     */
    public static byte[] decompressUnknown(byte[] frame, int offset, int limit) {
        var decompressor = new ZstdJavaDecompressor();
        int length = frame.length - offset;
        for (long size = 4L * length + 4096; ; size *= 4) {
            var plain = new byte[(int) Math.min(size, limit)];
            try {
                int count = decompressor.decompress(frame, offset, length, plain, 0, plain.length);
                return Arrays.copyOf(plain, count);
            } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
                if (size < limit) continue; // maybe it just did not fit
                throw new ResticException.Damaged("not a zstd frame of at most " + limit + " bytes", e);
            }
        }
    }
}
