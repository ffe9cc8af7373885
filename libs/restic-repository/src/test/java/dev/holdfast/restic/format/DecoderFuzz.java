package dev.holdfast.restic.format;

import dev.holdfast.restic.chunk.Polynomial;
import dev.holdfast.restic.crypto.KeySet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Changes valid bytes at random and decodes them, as if somebody who has the key had written them: either that works or
 * it gives a {@link ResticException}; anything else is a bug. For a long run: {@code DecoderFuzz SEED SECONDS}.
 */
public final class DecoderFuzz {
    private static final int LIMIT = 1 << 20;
    private static final String[] NASTY = {
        "-1",
        "18446744073709551616",
        "9223372036854775808",
        "4294967296",
        "1e999",
        "null",
        "[]",
        "{}",
        "\"\"",
        "true",
        "\"\\ud800\"",
        "\"\\\\x\"",
        "\"0000-00-00T00:00:00Z\"",
        "[[[[[[[[",
        "{\"a\":".repeat(70),
        "\u0000"
    };

    private final Random random;
    private final Map<String, byte[]> samples = new LinkedHashMap<>();

    public DecoderFuzz(long seed) {
        this.random = new Random(seed);
        var id = Id.hashOf(new byte[0]);
        var now = Instant.parse("2026-11-20T21:36:31.27Z");
        var blobs = List.of(
                new PackedBlob(new BlobKey(BlobType.DATA, id), 0, 38, 0),
                new PackedBlob(new BlobKey(BlobType.TREE, id), 38, 112, 511));
        var attributes = Attributes.of(0644, now)
                .withExtended(List.of(new Attributes.ExtendedAttribute("user.a", ByteString.of("b"))));
        var nodes = List.of(
                new Node(ByteString.of("a\n"), new Node.File(3, List.of(id)), attributes),
                new Node(ByteString.of("b"), new Node.Directory(id), attributes),
                new Node(ByteString.of("c"), new Node.Symlink(ByteString.of(new byte[] {-1})), attributes));
        samples.put("config", new Config(id, Polynomial.parse("3da3358b4dc173")).encode());
        samples.put(
                "key",
                KeyFile.seal(KeySet.random(random), "x", new KeyFile.Cost(2, 1, 1), now, "u", "h", random)
                        .encode());
        samples.put("lock", new LockFile(now, true, "h", "u", 1, 2, 3).encode());
        samples.put(
                "snapshot",
                ("{\"time\":\"2026-11-20T21:36:31.27+01:00\",\"parent\":null,\"tree\":\"" + id
                                + "\",\"paths\":[\"/a\"],\"tags\":[\"t\"],\"uid\":1,\"summary\":{\"files_new\":3}}")
                        .getBytes(StandardCharsets.UTF_8));
        samples.put("index", IndexJson.encode(Map.of(id, blobs), List.of(new IndexJson.MarkedPack(id, now, blobs))));
        samples.put("tree", TreeJson.join(nodes.stream().map(TreeJson::encode).toList()));
        samples.put("header", PackHeader.encode(blobs));
        var text = samples.get("tree");
        var zstd = new Zstd(Zstd.Engine.JAVA);
        int frame = zstd.compress(Arrays.copyOf(text, 5000), 0, 5000);
        for (var decoder : List.of("zstd", "zstd in Java", "fastest zstd")) {
            samples.put(decoder, Arrays.copyOf(zstd.buffer(), frame));
        }
    }

    /** One change of each sample. */
    public void round() {
        samples.forEach((kind, bytes) -> {
            var changed = change(bytes);
            try {
                decode(kind, changed);
            } catch (ResticException expected) {
                return;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(kind + " " + Arrays.toString(changed), e);
            }
        });
    }

    private void decode(String kind, byte[] bytes) {
        switch (kind) {
            case "config" -> Config.decode(bytes);
            case "key" -> KeyFile.decode(bytes).open("x", random);
            case "lock" -> LockFile.decode(bytes);
            case "snapshot" -> Snapshot.decode(bytes);
            case "index" -> IndexJson.decode(bytes, LIMIT, (_, _) -> {}, _ -> {});
            case "tree" -> TreeJson.decode(bytes);
            case "header" -> PackHeader.decode(bytes, 38 + 112 + 36 + bytes.length);
            case "zstd" -> Zstd.decompressUnknown(bytes, 0, LIMIT);
            case "zstd in Java" -> decompress(Zstd.Engine.JAVA, bytes);
            case "fastest zstd" -> decompress(Zstd.Engine.fastest(), bytes);
            default -> throw new IllegalStateException(kind);
        }
    }

    private static void decompress(Zstd.Engine engine, byte[] frame) {
        new Zstd(engine).decompress(frame, frame.length, new byte[5000], 0, 5000);
    }

    private byte[] change(byte[] bytes) {
        var changed = bytes.clone();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(5)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) random.nextInt();
                case 2 -> changed = Arrays.copyOf(changed, Math.max(1, at));
                case 3 -> changed = insert(changed, at, NASTY[random.nextInt(NASTY.length)], random.nextInt(20));
                default ->
                    changed = insert(changed, at, new String(new byte[random.nextInt(9)], StandardCharsets.UTF_8), 0);
            }
        }
        return changed;
    }

    private static byte[] insert(byte[] bytes, int at, String text, int replaced) {
        var piece = text.getBytes(StandardCharsets.UTF_8);
        int rest = Math.min(bytes.length, at + replaced);
        var longer = new byte[at + piece.length + bytes.length - rest];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(piece, 0, longer, at, piece.length);
        System.arraycopy(bytes, rest, longer, at + piece.length, bytes.length - rest);
        return longer.length == 0 ? new byte[1] : longer;
    }

    public static void main(String[] arguments) {
        var fuzz = new DecoderFuzz(Long.parseLong(arguments[0]));
        long end = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000L;
        long rounds = 0;
        for (; System.nanoTime() < end; rounds++) fuzz.round();
        System.out.println(rounds + " rounds without a surprise");
    }
}
