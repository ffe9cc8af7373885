package dev.holdfast.restic;

import dev.holdfast.restic.format.ResticException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was read of packs last: the stretches that were foreseen, and a few others. For one thread. */
final class PackWindows {
    private static final int WINDOW_BYTES = 512 * 1024;

    private final ObjectStore objects;
    private final Window[] recent = new Window[4];
    private int oldest;
    private List<Stretch> expected = List.of();
    private final Map<Stretch, byte[]> fetched = new HashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // stays in this class
    private record Window(String pack, int offset, byte[] bytes) {}

    PackWindows(ObjectStore objects) {
        this.objects = objects;
        Arrays.fill(recent, new Window("", 0, new byte[0]));
    }

    /** Each of these is fetched whole when something of it is read, and kept until the next call. */
    void expect(List<Stretch> stretches) {
        expected = List.copyOf(stretches);
        fetched.clear();
    }

    byte[] read(String pack, int offset, int length) {
        for (var stretch : expected) {
            if (!stretch.holds(pack, offset, length)) continue;
            var bytes = fetched.computeIfAbsent(stretch, this::fetch);
            return cut(bytes, offset - stretch.offset(), length, pack, offset);
        }
        if (length >= WINDOW_BYTES / 2) return objects.range(pack, offset, length);
        for (var window : recent) {
            int at = offset - window.offset();
            if (at >= 0 && at + length <= window.bytes().length && window.pack().equals(pack)) {
                return Arrays.copyOfRange(window.bytes(), at, at + length);
            }
        }
        var bytes = objects.rangeOrLess(pack, offset, WINDOW_BYTES);
        recent[oldest] = new Window(pack, offset, bytes);
        oldest = (oldest + 1) % recent.length;
        return cut(bytes, 0, length, pack, offset);
    }

    private byte[] fetch(Stretch stretch) {
        return objects.rangeOrLess(stretch.pack(), stretch.offset(), stretch.length());
    }

    private static byte[] cut(byte[] bytes, int at, int length, String pack, int offset) {
        if (bytes.length - at < length) throw new ResticException.Damaged(pack + " ends inside a blob at " + offset);
        return Arrays.copyOfRange(bytes, at, at + length);
    }
}
