package dev.holdfast.restic;

import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Zstd;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Backs up a made-up stream into a storage that forgets the packs, to see that memory stays constant; without
 * verification, which would only take time. By hand: {@code EndlessStream GIGABYTES} with {@code -Xmx96m}.
 */
public final class EndlessStream {
    private EndlessStream() {}

    public static void main(String[] arguments) {
        long length = Long.parseLong(arguments[0]) * 1_000_000_000L;
        var storage = new TestRepository.Forwarding(new MemoryStorage()) {
            @Override
            public boolean putIfAbsent(String key, Content content) throws java.io.IOException {
                return key.startsWith("data/") || super.putIfAbsent(key, content);
            }
        };
        var environment = Environment.ofThisProcess().withZstd(Zstd.Engine.NATIVE);
        var repository = TestRepository.init(storage, environment);
        var file =
                new SourceFile(ByteString.of("stream"), Attributes.of(0600, Instant.EPOCH), -1, () -> new Made(length));
        var request = MemorySource.request(repository, MemorySource.directory("root", file))
                .withOptions(WriterOptions.defaults().withVerify(false));
        long start = System.nanoTime();
        var reported = new long[1];
        var progress = new Progress((_, bytes, _) -> {
            if (bytes < reported[0] + 10_000_000_000L) return;
            reported[0] = bytes;
            System.out.printf(
                    Locale.ROOT,
                    "%d GB after %d s: %s%n",
                    bytes / 1_000_000_000,
                    (System.nanoTime() - start) / 1_000_000_000,
                    memory());
        });
        var result = BackupWriter.backup(repository, request, progress);
        System.out.println(result.summary() + " " + memory());
    }

    private static String memory() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(it -> it.startsWith("VmHWM") || it.startsWith("VmRSS"))
                    .map(it -> it.replaceAll("\\s+", " "))
                    .toList()
                    .toString();
        } catch (java.io.IOException e) {
            return "unknown";
        }
    }

    /** The same 8 MiB of random bytes again and again, with a counter in every 4 KiB: no two chunks are equal. */
    private static final class Made extends InputStream {
        private static final int BLOCK_BYTES = 4096;

        private final byte[] base = new byte[8 << 20];
        private final long length;
        private long position;

        Made(long length) {
            this.length = length;
            new SplittableRandom(1).nextBytes(base);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] bytes, int offset, int wanted) {
            int filled = 0;
            while (filled < wanted && position < length) filled += block(bytes, offset + filled, wanted - filled);
            return filled == 0 ? -1 : filled;
        }

        private int block(byte[] bytes, int offset, int wanted) {
            int inBase = (int) (position % base.length);
            int inBlock = inBase % BLOCK_BYTES;
            if (inBlock == 0) ByteBuffer.wrap(base).putLong(inBase, position);
            int count = (int) Math.min(Math.min(wanted, BLOCK_BYTES - inBlock), length - position);
            System.arraycopy(base, inBase, bytes, offset, count);
            position += count;
            return count;
        }
    }
}
