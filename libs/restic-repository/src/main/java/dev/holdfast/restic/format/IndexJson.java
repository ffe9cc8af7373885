package dev.holdfast.restic.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** An index file: which blobs lie where in which packs (section 8). */
public final class IndexJson {
    private IndexJson() {}

    public static byte[] encode(Map<Id, List<PackedBlob>> packs) {
        var json = new CanonicalJson(
                64 + 200 * packs.values().stream().mapToInt(List::size).sum());
        json.open('{').name("packs").open('[');
        packs.forEach((id, blobs) -> pack(json, id, blobs));
        return json.close(']').close('}').toByteArray();
    }

    private static void pack(CanonicalJson json, Id id, List<PackedBlob> blobs) {
        json.open('{').field("id", id).name("blobs").open('[');
        for (var blob : blobs) {
            json.open('{').field("id", blob.key().id());
            json.field("type", blob.key().type().wireName());
            json.field("offset", blob.offset()).field("length", blob.length());
            json.optional("uncompressed_length", blob.plainLength()).close('}');
        }
        json.close(']').close('}');
    }

    /**
     * Calls {@code pack} for each pack, one at a time, so that memory does not grow with the file. Packs that another
     * program marked for deletion ({@code packs_to_delete}) are left out.
     *
     * @throws ResticException.Damaged if that is not an index, or a place cannot be in a pack
     */
    public static void decode(byte[] json, int maxPackBytes, BiConsumer<Id, List<PackedBlob>> pack) {
        JsonIn.read("index", json, (name, in) -> {
            if (name.equals("packs")) in.array(element -> readPack(element, maxPackBytes, pack));
            else in.skip();
        });
    }

    private static void readPack(JsonIn in, int maxPackBytes, BiConsumer<Id, List<PackedBlob>> pack)
            throws IOException {
        var id = new ArrayList<Id>(1);
        var blobs = new ArrayList<PackedBlob>();
        in.object((name, value) -> {
            switch (name) {
                case "id" -> id.add(value.id());
                case "blobs" -> value.array(element -> blobs.add(readBlob(element, maxPackBytes)));
                default -> value.skip();
            }
        });
        if (id.size() != 1) throw new ResticException.Damaged("a pack without an ID");
        pack.accept(id.getFirst(), blobs);
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
