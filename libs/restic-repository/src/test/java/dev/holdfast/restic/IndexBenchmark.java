package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackedBlob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Fills an index with made-up blobs, then looks some of them up, and as many others, at random. By hand:
 * {@code IndexBenchmark MILLIONS} with {@code -Xmx88m}; in a memory control group to see what a pod has left.
 */
public final class IndexBenchmark {
    private static final int PACK_BLOBS = 11; // of 16 MiB
    private static final int LOOKUPS = 2_000_000;
    private static final long LONGEST_NANOS = 10_000_000_000L;

    private final BlobIndex index = new BlobIndex();

    private IndexBenchmark() {}

    public static void main(String[] arguments) {
        int packs = Integer.parseInt(arguments[0]) * 1_000_000 / PACK_BLOBS;
        var benchmark = new IndexBenchmark();
        long start = System.nanoTime();
        for (int pack = 0; pack < packs; pack++) benchmark.index.add(id(-1 - pack), blobs(pack));
        System.out.printf(
                Locale.ROOT, "%d blobs filled in %.1f s%n", benchmark.index.size(), (System.nanoTime() - start) / 1e9);
        for (int round = 0; round < 3; round++) {
            System.out.printf(
                    Locale.ROOT,
                    "looked up: %d ns found, %d ns absent%n",
                    benchmark.lookUp(0),
                    benchmark.lookUp(1L << 40));
        }
        System.gc();
        var runtime = Runtime.getRuntime();
        long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
        System.out.printf(
                Locale.ROOT, "heap %d MiB, files %d MiB, %s%n", heap, benchmark.index.fileBytes() >> 20, memory());
    }

    private static List<PackedBlob> blobs(int pack) {
        var blobs = new ArrayList<PackedBlob>(PACK_BLOBS);
        for (int i = 0; i < PACK_BLOBS; i++) {
            var key = new BlobKey(BlobType.DATA, id((long) pack * PACK_BLOBS + i));
            blobs.add(new PackedBlob(key, i << 20, 1 << 20, 1 << 20));
        }
        return blobs;
    }

    /** As evenly spread as hashes are, and quicker. */
    private static Id id(long number) {
        var random = new SplittableRandom(number);
        return new Id(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private long lookUp(long from) {
        var random = new SplittableRandom(1);
        int found = 0;
        int done = 0;
        long start = System.nanoTime();
        for (; done < LOOKUPS && System.nanoTime() - start < LONGEST_NANOS; done++) {
            if (index.contains(new BlobKey(BlobType.DATA, id(from + random.nextInt(index.size()))))) found++;
        }
        long nanos = (System.nanoTime() - start) / done;
        if (found != (from == 0 ? done : 0)) throw new IllegalStateException(found + " were found");
        return nanos;
    }

    private static String memory() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return String.join(
                            ", ",
                            lines.filter(it -> it.matches("(VmHWM|RssAnon|RssFile).*"))
                                    .toList())
                    .replaceAll("\\s+", " ");
        } catch (java.io.IOException e) {
            return "unknown";
        }
    }
}
