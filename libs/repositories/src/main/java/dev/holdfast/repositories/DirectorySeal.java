package dev.holdfast.repositories;

import dev.holdfast.restic.Environment;
import dev.holdfast.restic.TreeBuilder;
import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.TreeJson;
import dev.holdfast.restic.format.Zstd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;

/**
 * Seals directories for the catalogue with the key of their repository: names, kinds, sizes and times of the entries,
 * and nothing else of them. 25 to 35 bytes for each entry. For one thread.
 */
public final class DirectorySeal {

    /** So many bytes of JSON make a part: what DynamoDB takes as an item, even if they do not compress. */
    private static final int PART_BYTES = 350_000;

    private static final int COMPRESSED = 1;

    /** The tree, the number of the part and how many there are, and whether it is compressed. */
    private static final int HEAD_BYTES = Id.BYTES + 2 * Integer.BYTES + 1;

    private final Sealer sealer;
    private final Zstd zstd;
    private final int limit;

    public DirectorySeal(KeySet key, Environment environment) {
        this.sealer = new Sealer(key, environment.random());
        this.zstd = new Zstd(environment.zstd());
        this.limit = environment.limits().treeBlob();
    }

    /** The parts of a directory, one at least, of neighbouring entries. */
    List<byte[]> seal(Id tree, List<Node> nodes) {
        var parts = new ArrayList<List<byte[]>>();
        var part = new ArrayList<byte[]>();
        var bytes = 0;
        for (var node : nodes) {
            var json = TreeJson.encode(shown(node));
            if (!part.isEmpty() && bytes + json.length > PART_BYTES) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(json);
            bytes += json.length + 1;
        }
        parts.add(part);
        var sealed = new ArrayList<byte[]>();
        for (var number = 0; number < parts.size(); number++) {
            sealed.add(seal(head(tree, number, parts.size()), TreeJson.join(parts.get(number))));
        }
        return sealed;
    }

    /** What of an entry is shown, and which synthetic directories there are. */
    private static Node shown(Node node) {
        var kind = node.kind() instanceof Node.File file ? new Node.File(file.sizeBytes(), List.of()) : node.kind();
        var attributes = Attributes.of(0, node.attributes().modified());
        return new Node(
                node.name(),
                kind,
                TreeBuilder.isSplitPart(node)
                        ? attributes.withExtended(node.attributes().extended())
                        : attributes);
    }

    /** Sealed with the entries, so that no row can be taken for another one. */
    private static byte[] head(Id tree, int number, int count) {
        var head = new byte[HEAD_BYTES];
        tree.writeTo(head, 0);
        ByteBuffer.wrap(head, Id.BYTES, 2 * Integer.BYTES).putInt(number).putInt(count);
        return head;
    }

    private byte[] seal(byte[] head, byte[] json) {
        var frame = zstd.compress(json, 0, json.length);
        var content = frame > 0 ? zstd.buffer() : json;
        var length = frame > 0 ? frame : json.length;
        var plain = Arrays.copyOf(head, HEAD_BYTES + length);
        plain[HEAD_BYTES - 1] = (byte) (frame > 0 ? COMPRESSED : 0);
        System.arraycopy(content, 0, plain, HEAD_BYTES, length);
        return sealer.seal(plain);
    }

    /**
     * The entries of a directory.
     *
     * @param parts all of them, in order
     * @throws ResticException.Damaged if they are not that, or sealed with another key
     */
    List<Node> open(Id tree, List<byte[]> parts) {
        var nodes = new ArrayList<Node>();
        for (var number = 0; number < parts.size(); number++) {
            var plain = open(tree, parts.get(number));
            var head = head(tree, number, parts.size());
            if (plain.length < HEAD_BYTES || !Arrays.equals(plain, 0, HEAD_BYTES - 1, head, 0, HEAD_BYTES - 1)) {
                throw new ResticException.Damaged("the row of directory " + tree.brief() + " is another one's");
            }
            var json = plain[HEAD_BYTES - 1] == COMPRESSED
                    ? Zstd.decompressUnknown(plain, HEAD_BYTES, limit)
                    : Arrays.copyOfRange(plain, HEAD_BYTES, plain.length);
            nodes.addAll(TreeJson.decode(json));
        }
        return nodes;
    }

    private byte[] open(Id tree, byte[] sealed) {
        try {
            return sealer.open(sealed);
        } catch (AEADBadTagException foreign) {
            throw new ResticException.Damaged(
                    "the row of directory " + tree.brief() + ": " + foreign.getMessage(), foreign);
        }
    }
}
