package dev.holdfast.restic.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The bytes of one object. May be read any number of times and by several threads (an implementation may retry), but
 * only until {@link Storage#putIfAbsent} returns.
 */
public sealed interface Content {
    long sizeBytes();

    /** A new stream over all bytes, from the first; needs no closing. */
    InputStream stream();

    void writeTo(WritableByteChannel out) throws IOException;

    static Content of(byte[] bytes) {
        return new InMemory(bytes);
    }

    /** The first {@code sizeBytes} bytes of an open file. */
    static Content of(FileChannel file, long sizeBytes) {
        return new InFile(file, sizeBytes);
    }

    /** Throws {@link ArithmeticException} if there are more than 2 GiB. */
    default byte[] toByteArray() throws IOException {
        var all = new byte[Math.toIntExact(sizeBytes())];
        try (var in = stream()) {
            if (in.readNBytes(all, 0, all.length) < all.length) throw new IOException("the content is too short");
        }
        return all;
    }

    /** A small object. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record InMemory(byte[] bytes) implements Content {
        @Override
        public long sizeBytes() {
            return bytes.length;
        }

        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void writeTo(WritableByteChannel out) throws IOException {
            var left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) out.write(left);
        }
    }

    /** A pack. */
    record InFile(FileChannel file, long sizeBytes) implements Content {
        @Override
        public InputStream stream() {
            return new FileStream(file, sizeBytes);
        }

        @Override
        public void writeTo(WritableByteChannel out) throws IOException {
            for (long at = 0; at < sizeBytes; ) {
                long count = file.transferTo(at, sizeBytes - at, out);
                if (count <= 0) throw new IOException("the file is too short");
                at += count;
            }
        }
    }

    /** Reads a file without moving its position, which others may use at the same time. */
    final class FileStream extends InputStream {
        private final FileChannel file;
        private final long end;
        private long at;

        private FileStream(FileChannel file, long end) {
            this.file = file;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) return 0;
            if (at >= end) return -1;
            int wanted = (int) Math.min(Math.min(length, end - at), LocalStorage.SLICE_BYTES);
            int count = file.read(ByteBuffer.wrap(bytes, offset, wanted), at);
            if (count > 0) at += count;
            return count;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - at);
        }
    }
}
