package dev.holdfast.restic.format;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.zstd.ZstdCompressor;
import io.airlift.compress.v3.zstd.ZstdDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdNativeCompressor;
import io.airlift.compress.v3.zstd.ZstdNativeDecompressor;
import java.util.Arrays;

/** zstd. Keeps buffers: one instance per thread. */
public final class Zstd {
    private static final int SAMPLE_BYTES = 16 * 1024;

    private final ZstdCompressor compressor;
    private final ZstdDecompressor decompressor;
    private byte[] buffer = new byte[0];

    /** Who does the work; both write and read the same format. */
    public enum Engine {
        /** Pure Java: runs everywhere, also in a native image. */
        JAVA,
        /**
         * The C library that comes with aircompressor, called through the foreign function interface: about three times
         * as fast, at about the same ratio (level 1). Needs {@code --enable-native-access} and no native image.
         */
        NATIVE;

        /**
         * The C library where Java was started with {@code --enable-native-access} and the library loads, else Java: so
         * nobody calls C without having been told to, and nothing warns.
         */
        public static Engine fastest() {
            boolean image = System.getProperty("org.graalvm.nativeimage.imagecode") != null;
            boolean allowed = !image && ZstdNativeCompressor.class.getModule().isNativeAccessEnabled();
            return allowed && ZstdNativeCompressor.isEnabled() ? NATIVE : JAVA;
        }
    }

    public Zstd(Engine engine) {
        compressor = switch (engine) {
            case JAVA -> new ZstdJavaCompressor();
            case NATIVE -> new ZstdNativeCompressor(1);
        };
        decompressor = switch (engine) {
            case JAVA -> new ZstdJavaDecompressor();
            case NATIVE -> new ZstdNativeDecompressor();
        };
    }

    /**
     * Compresses into the {@link #buffer}.
     *
     * @return the length of the frame, or 0 if it would not be smaller than the input by at least 1/64
     */
    public int compress(byte[] plain, int offset, int length) {
        int bound = compressor.maxCompressedLength(length);
        if (buffer.length < bound) buffer = new byte[bound];
        if (length == 0) return 0;
        if (length >= 8 * SAMPLE_BYTES && !samplesCompress(plain, offset, length)) return 0;
        int size = compressor.compress(plain, offset, length, buffer, 0, bound);
        return size >= length - length / 64 ? 0 : size;
    }

    /** Where the last frame is, from 0; at least as long as the last input; valid until the next one. */
    public byte[] buffer() {
        return buffer;
    }

    /** Whether one of two samples gets smaller by a 32nd: spares the work on media and archives. */
    private boolean samplesCompress(byte[] plain, int offset, int length) {
        for (int third = 1; third <= 2; third++) {
            int at = offset + (int) (third * (length / 3L)) - SAMPLE_BYTES / 2;
            int size = compressor.compress(plain, at, SAMPLE_BYTES, buffer, 0, buffer.length);
            if (size < SAMPLE_BYTES - SAMPLE_BYTES / 32) return true;
        }
        return false;
    }

    /**
     * Decodes a frame whose plain length is known into {@code plain}, from {@code offset}.
     *
     * @throws ResticException.Damaged if that is no frame, or one of another length
     */
    public void decompress(byte[] frame, int frameLength, byte[] plain, int offset, int plainLength) {
        int size;
        try {
            size = decompressor.decompress(frame, 0, frameLength, plain, offset, plainLength);
        } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ResticException.Damaged("not a zstd frame of " + plainLength + " bytes", e);
        }
        if (size != plainLength) throw new ResticException.Damaged("zstd: " + size + " bytes, not " + plainLength);
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
