package dev.holdfast.restic;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.TreeJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Builds the tree of one directory (section 9). A directory is one blob, and restic needs all of it in memory; so one
 * of more than 50 000 entries, or 16 MiB of JSON, is split into synthetic ones {@code ~000000}, {@code ~000001} … of
 * neighbouring names. Where they end depends on the names, unless one gets too large, so that an insertion changes one
 * of them or a few. {@link Restorer} undoes it.
 */
public final class TreeBuilder {
    /** Entries that a directory may have without being split. */
    public static final int SPLIT_AT = 50_000;
    /** JSON that a directory of several entries may have without being split. One huge file may have more. */
    public static final int SPLIT_BYTES = 16 << 20;
    /** The mark of a synthetic directory, which no other directory keeps. */
    public static final String SPLIT_ATTRIBUTE = "user.holdfast.flat-split";

    /** A part ends after one name in 4 096, so that a part of {@link #SPLIT_AT} entries hardly ever occurs. */
    private static final int SPLIT_MASK = (1 << 12) - 1;

    private static final Pattern PART_NAME = Pattern.compile("~[0-9a-f]{6}");

    private final BlobWriter blobs;
    private final int splitAt;
    private final TreeMap<ByteString, byte[]> nodes = new TreeMap<>();
    private final List<byte[]> parts = new ArrayList<>();
    private ByteString last = ByteString.of("");
    private boolean inOrder = true;
    private boolean split;
    private long bytes;

    public TreeBuilder(BlobWriter blobs) {
        this(blobs, SPLIT_AT);
    }

    TreeBuilder(BlobWriter blobs, int splitAt) {
        this.blobs = blobs;
        this.splitAt = splitAt;
    }

    /**
     * Adds an entry; what it refers to must be stored by the same writer or before.
     *
     * @throws IllegalArgumentException if the name is no file name, is there already, or comes out of order in a
     *     directory that is split by now: one of more than {@link #SPLIT_AT} entries, or {@link #SPLIT_BYTES} that were
     *     in order
     */
    public void add(Node node) {
        if (!node.name().isFileName()) throw new IllegalArgumentException("not a file name: " + node.name());
        boolean follows = last.compareTo(node.name()) < 0;
        if (split && !follows) {
            throw new IllegalArgumentException(
                    "a directory of more than %d entries or %d bytes must be listed in order, at %s"
                            .formatted(splitAt, SPLIT_BYTES, node.name()));
        }
        inOrder &= follows;
        last = node.name();
        put(node.name(), TreeJson.encode(unmarked(node)));
        boolean large = nodes.size() > splitAt || (inOrder && nodes.size() > 1 && bytes > SPLIT_BYTES);
        if (large && !split) startSplitting();
    }

    /** Whoever may set attributes of a source, or restored parts with restic, must not make a directory a part. */
    private static Node unmarked(Node node) {
        if (!isMarked(node)) return node;
        var others = node.attributes().extended().stream()
                .filter(it -> !it.name().equals(SPLIT_ATTRIBUTE))
                .toList();
        return new Node(node.name(), node.kind(), node.attributes().withExtended(others));
    }

    private void startSplitting() {
        split = true;
        var all = new TreeMap<>(nodes);
        last = all.lastKey();
        nodes.clear();
        bytes = 0;
        all.forEach(this::put);
    }

    private void put(ByteString name, byte[] json) {
        if (split && !nodes.isEmpty() && bytes + json.length > SPLIT_BYTES) storePart(nodes.values());
        if (nodes.putIfAbsent(name, json) != null) throw new IllegalArgumentException("two entries are named " + name);
        bytes += json.length;
        if (split && (endsPart(name) || nodes.size() >= splitAt)) storePart(nodes.values());
    }

    private static boolean endsPart(ByteString name) {
        return (Id.hashOf(name.toByteArray()).a() & SPLIT_MASK) == 0;
    }

    private void storePart(Collection<byte[]> part) {
        var tree = blobs.storeTree(TreeJson.join(part));
        var name = ByteString.of(String.format(Locale.ROOT, "~%06x", parts.size()));
        var mark = new ExtendedAttribute(SPLIT_ATTRIBUTE, ByteString.of("1"));
        var attributes = Attributes.of(0755, Instant.EPOCH).withExtended(List.of(mark));
        parts.add(TreeJson.encode(new Node(name, new Node.Directory(tree), attributes)));
        nodes.clear();
        bytes = 0;
    }

    /** Whether this node is a synthetic directory, whose entries belong to its parent. */
    public static boolean isSplitPart(Node node) {
        return isMarked(node) && PART_NAME.matcher(node.name().text()).matches();
    }

    private static boolean isMarked(Node node) {
        return node.kind() instanceof Node.Directory
                && node.attributes().extended().stream()
                        .anyMatch(it -> it.name().equals(SPLIT_ATTRIBUTE));
    }

    /** Whether there were so many entries that synthetic directories were made. */
    public boolean wasSplit() {
        return split;
    }

    /** Stores the tree. */
    public Id finish() {
        if (!split) return blobs.storeTree(TreeJson.join(nodes.values()));
        if (!nodes.isEmpty()) storePart(nodes.values());
        if (parts.size() > SPLIT_AT) throw new ResticException.TooLarge("directory", parts.size(), SPLIT_AT);
        return blobs.storeTree(TreeJson.join(parts));
    }
}
