package dev.holdfast.tests;

import dev.holdfast.queue.InParallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A bucket whose objects are made up from their numbers: most of them small, a few large, half of the bytes text that
 * compresses well and half random.
 */
final class GeneratedBucket {

    private static final int AT_ONCE = 16;

    private final S3Client s3;
    private final String name;
    private final int[] sizes;
    private final int[] versions;
    private final long seed;

    GeneratedBucket(S3Client s3, String name, int objects, long bytes, long seed) {
        this.s3 = s3;
        this.name = name;
        this.seed = seed;
        this.versions = new int[objects];
        this.sizes = sizes(objects, bytes, new Random(seed));
    }

    /** A long tail: the largest hundredth has about a third of the bytes. */
    private static int[] sizes(int objects, long bytes, Random random) {
        var shares =
                random.doubles(objects).map(share -> Math.pow(1 - share, -0.7)).toArray();
        var all = Arrays.stream(shares).sum();
        return Arrays.stream(shares)
                .mapToInt(share -> (int) Math.min(64 << 20, share / all * bytes))
                .toArray();
    }

    int objects() {
        return sizes.length;
    }

    long bytes() {
        return Arrays.stream(sizes).asLongStream().sum();
    }

    static String key(int number) {
        return "area-%02d/folder-%03d/object-%06d.bin".formatted(number % 7, number % 211, number);
    }

    private byte[] content(int number) {
        var random = new Random(seed * 31 + number * 1_000L + versions[number]);
        var bytes = new byte[sizes[number]];
        random.nextBytes(bytes);
        if (number % 2 == 0)
            for (var i = 0; i < bytes.length; i++) bytes[i] = (byte) "0123456789abcdef".charAt(bytes[i] & 3);
        return bytes;
    }

    void make() throws InterruptedException {
        s3.createBucket(create -> create.bucket(name));
        put(IntStream.range(0, sizes.length).boxed().toList());
    }

    /** Changes one object in so many. */
    void change(int oneIn, int offset) throws InterruptedException {
        var changed = IntStream.range(0, sizes.length)
                .filter(number -> number % oneIn == offset % oneIn)
                .boxed()
                .toList();
        changed.forEach(number -> versions[number]++);
        put(changed);
    }

    private void put(List<Integer> numbers) throws InterruptedException {
        for (var from = 0; from < numbers.size(); from += AT_ONCE) {
            InParallel.map(
                    numbers.subList(from, Math.min(numbers.size(), from + AT_ONCE)),
                    number -> s3.putObject(
                            put -> put.bucket(name).key(key(number)), RequestBody.fromBytes(content(number))));
        }
    }

    /** How many of the objects are not, or not byte for byte, in a folder; and how many files there are besides. */
    long differences(Path folder) throws IOException {
        var different = 0L;
        for (var number = 0; number < sizes.length; number++) {
            var file = folder.resolve(key(number));
            if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content(number))) different++;
        }
        try (var walk = Files.walk(folder)) {
            return different + Math.abs(walk.filter(Files::isRegularFile).count() - sizes.length);
        }
    }
}
