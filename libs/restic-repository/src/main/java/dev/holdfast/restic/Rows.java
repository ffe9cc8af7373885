package dev.holdfast.restic;

import dev.holdfast.restic.format.ResticException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A growing table of rows of one width, zeros at first: on the heap up to 1 MiB, above that in mapped temporary files
 * (in the folder {@code java.io.tmpdir}), one for each 262 144 rows. The files have no name any more, so that no crash
 * leaves them behind. Growing copies the rows of the heap once, and nothing after that. The files are given back when
 * the garbage collector finds that nobody has the table any more: then no thread can be reading them. Not thread-safe,
 * but for readers among themselves.
 */
final class Rows {
    private static final int HEAP_BYTES = 1 << 20;
    private static final int SLICE_SHIFT = 18;
    private static final int SLICE_ROWS = 1 << SLICE_SHIFT;

    /** Java keeps direct memory of the size of the largest single write for every thread. */
    private static final int WRITE_BYTES = 256 * 1024;

    private final int rowBytes;
    private final List<ByteBuffer> slices = new ArrayList<>(); // all but the only one have SLICE_ROWS
    private long capacity;
    private long fileBytes;

    /** @param rowBytes 1 to 8000 */
    Rows(int rowBytes) {
        this.rowBytes = rowBytes;
    }

    /**
     * Makes room for so many rows at least.
     *
     * @throws ResticException.StorageFailed if the disk is full: then the rows are as before, in less or more room
     */
    void reserve(long rows) {
        if (rows <= capacity) return;
        if (rows * rowBytes <= HEAP_BYTES && rows <= SLICE_ROWS) {
            int most = Math.min(HEAP_BYTES / rowBytes, SLICE_ROWS);
            replaceFirst(heap((int) Math.min(most, Math.max(rows, 2 * capacity))));
            return;
        }
        if (capacity < SLICE_ROWS) replaceFirst(map());
        while (capacity < rows) {
            slices.add(map());
            capacity += SLICE_ROWS;
        }
    }

    private void replaceFirst(ByteBuffer larger) {
        if (!slices.isEmpty()) {
            var old = slices.getFirst();
            larger.put(0, old, 0, old.capacity());
        }
        slices.clear();
        slices.add(larger);
        capacity = larger.capacity() / rowBytes;
    }

    private ByteBuffer heap(int rows) {
        return ByteBuffer.allocate(rows * rowBytes).order(ByteOrder.nativeOrder());
    }

    /** Writes the zeros: a page of a file with holes for which the disk has no block would kill the process. */
    private ByteBuffer map() {
        int size = SLICE_ROWS * rowBytes;
        try {
            var path = Files.createTempFile("index-", null);
            try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                Files.delete(path);
                var zeros = ByteBuffer.allocate(WRITE_BYTES);
                for (int written = 0; written < size; ) {
                    zeros.position(0).limit(Math.min(WRITE_BYTES, size - written));
                    written += file.write(zeros, written);
                }
                var mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, size).order(ByteOrder.nativeOrder());
                fileBytes += size;
                return mapped;
            }
        } catch (ClosedByInterruptException e) {
            throw new ResticException.Cancelled();
        } catch (IOException e) {
            var folder = System.getProperty("java.io.tmpdir");
            throw new ResticException.StorageFailed(
                    "write the index of the repository to a temporary file of " + size + " bytes in " + folder, e);
        }
    }

    /** The size of all files. */
    long fileBytes() {
        return fileBytes;
    }

    /** Makes all rows zeros, those in reserve too. */
    void clear() {
        for (var slice : slices) {
            int at = 0;
            for (; at + Long.BYTES <= slice.capacity(); at += Long.BYTES) slice.putLong(at, 0);
            for (; at < slice.capacity(); at++) slice.put(at, (byte) 0);
        }
    }

    int getInt(long row, int offset) {
        return slice(row).getInt(at(row, offset));
    }

    long getLong(long row, int offset) {
        return slice(row).getLong(at(row, offset));
    }

    void putInt(long row, int offset, int value) {
        slice(row).putInt(at(row, offset), value);
    }

    void putLong(long row, int offset, long value) {
        slice(row).putLong(at(row, offset), value);
    }

    private ByteBuffer slice(long row) {
        return slices.get((int) (row >>> SLICE_SHIFT));
    }

    private int at(long row, int offset) {
        return (int) (row & (SLICE_ROWS - 1)) * rowBytes + offset;
    }
}
