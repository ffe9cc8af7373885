package dev.holdfast.restic.format;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** An index file: which blobs lie where in which packs (section 8). */
public final class IndexJson {
    private IndexJson() {}

    /**
     * A pack that is to be deleted some time after it was marked, as rustic writes it; restic takes such packs for
     * unreferenced.
     */
    public record MarkedPack(Id id, Instant time, List<PackedBlob> blobs) {
        public MarkedPack {
            blobs = List.copyOf(blobs);
        }
    }

    public static byte[] encode(Map<Id, List<PackedBlob>> packs, List<MarkedPack> marked) {
        int blobs = packs.values().stream().mapToInt(List::size).sum()
                + marked.stream().mapToInt(pack -> pack.blobs().size()).sum();
        var json = new CanonicalJson(64 + 200 * blobs);
        json.open('{').name("packs").open('[');
        packs.forEach((id, content) -> pack(json, id, content, Optional.empty()));
        json.close(']');
        if (!marked.isEmpty()) {
            json.name("packs_to_delete").open('[');
            for (var pack : marked) pack(json, pack.id(), pack.blobs(), Optional.of(pack.time()));
            json.close(']');
        }
        return json.close('}').toByteArray();
    }

    private static void pack(CanonicalJson json, Id id, List<PackedBlob> blobs, Optional<Instant> marked) {
        json.open('{').field("id", id).name("blobs").open('[');
        for (var blob : blobs) {
            json.open('{').field("id", blob.key().id());
            json.field("type", blob.key().type().wireName());
            json.field("offset", blob.offset()).field("length", blob.length());
            json.optional("uncompressed_length", blob.plainLength()).close('}');
        }
        json.close(']');
        marked.ifPresent(time -> json.field("time", time));
        json.close('}');
    }

    /**
     * Calls {@code live} or {@code marked} for each pack, one at a time, so that memory does not grow with the file.
     *
     * @throws ResticException.Damaged if that is not an index, or a place cannot be in a pack
     */
    public static void decode(
            byte[] json, int maxPackBytes, BiConsumer<Id, List<PackedBlob>> live, Consumer<MarkedPack> marked) {
        JsonIn.read("index", json, (name, in) -> {
            switch (name) {
                case "packs" ->
                    in.array(element -> {
                        var pack = readPack(element, maxPackBytes);
                        live.accept(pack.id(), pack.blobs());
                    });
                case "packs_to_delete" -> in.array(element -> marked.accept(readPack(element, maxPackBytes)));
                default -> in.skip();
            }
        });
    }

    private static MarkedPack readPack(JsonIn in, int maxPackBytes) throws IOException {
        var id = new ArrayList<Id>(1);
        var blobs = new ArrayList<PackedBlob>();
        var time = new Instant[] {Instant.EPOCH};
        in.object((name, value) -> {
            switch (name) {
                case "id" -> id.add(value.id());
                case "blobs" -> value.array(element -> blobs.add(readBlob(element, maxPackBytes)));
                case "time" -> time[0] = Times.parse(value.string()).toInstant();
                default -> value.skip();
            }
        });
        if (id.size() != 1) throw new ResticException.Damaged("a pack without an ID");
        return new MarkedPack(id.getFirst(), time[0], blobs);
    }

    private static PackedBlob readBlob(JsonIn in, int maxPackBytes) throws IOException {
        var id = new ArrayList<Id>(1);
        var type = new ArrayList<BlobType>(1);
        var numbers = new int[3];
        in.object((name, value) -> {
            switch (name) {
                case "id" -> id.add(value.id());
                case "type" -> type.add(BlobType.parse(value.string()));
                case "offset" -> numbers[0] = value.number(maxPackBytes);
                case "length" -> numbers[1] = value.number(maxPackBytes);
                case "uncompressed_length" -> numbers[2] = value.number(Integer.MAX_VALUE);
                default -> value.skip();
            }
        });
        if (id.size() != 1 || type.size() != 1) throw new ResticException.Damaged("a blob without ID or type");
        if (numbers[1] < 32 || (long) numbers[0] + numbers[1] > maxPackBytes) {
            throw new ResticException.Damaged("a blob of " + numbers[1] + " bytes at " + numbers[0]);
        }
        return new PackedBlob(new BlobKey(type.getFirst(), id.getFirst()), numbers[0], numbers[1], numbers[2]);
    }
}
