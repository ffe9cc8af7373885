package dev.holdfast.restic.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A tree blob: the nodes of one directory and a newline (section 9). */
public final class TreeJson {
    private static final byte[] START = "{\"nodes\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}\n".getBytes(StandardCharsets.US_ASCII);

    private TreeJson() {}

    /** One node, for {@link #join}. About 350 bytes, and 67 for each blob of a file. */
    public static byte[] encode(Node node) {
        return NodeJson.write(node);
    }

    /** A whole tree from encoded nodes, which must be in ascending order of their names. */
    public static byte[] join(Collection<byte[]> nodes) {
        long size = START.length
                + END.length
                + nodes.stream().mapToLong(node -> node.length + 1L).sum();
        var json = new ByteArrayOutputStream(Math.toIntExact(size));
        json.writeBytes(START);
        boolean first = true;
        for (var node : nodes) {
            if (!first) json.write(',');
            json.writeBytes(node);
            first = false;
        }
        json.writeBytes(END);
        return json.toByteArray();
    }

    /**
     * The nodes as stored.
     *
     * @throws ResticException.Damaged if the JSON is not a tree, or the names are not strictly ascending
     */
    public static List<Node> decode(byte[] json) {
        var nodes = new ArrayList<Node>();
        JsonIn.read("tree", json, (name, in) -> {
            if (name.equals("nodes")) in.array(element -> add(nodes, NodeJson.read(element)));
            else in.skip();
        });
        return nodes;
    }

    private static void add(List<Node> nodes, Node node) {
        if (!nodes.isEmpty() && nodes.getLast().name().compareTo(node.name()) >= 0) {
            throw new ResticException.Damaged(
                    "the names " + nodes.getLast().name() + " and " + node.name() + " are the same or not in order");
        }
        nodes.add(node);
    }
}
