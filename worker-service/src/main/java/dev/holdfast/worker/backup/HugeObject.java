package dev.holdfast.worker.backup;

import dev.holdfast.job.JobPayload.BackupShard.Piece;
import dev.holdfast.repositories.Shard;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.worker.backup.Manifest.Stretch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A huge object, whose pieces were stored by several runs. */
record HugeObject(String key, Node file) {

    /** Of stretches of several objects. All of each are there. */
    static List<HugeObject> of(Collection<Stretch> stretches) {
        var byKey = stretches.stream().collect(Collectors.groupingBy(Stretch::key, TreeMap::new, Collectors.toList()));
        return byKey.entrySet().stream()
                .map(object -> joined(object.getKey(), object.getValue()))
                .toList();
    }

    private static HugeObject joined(String key, List<Stretch> stretches) {
        var inOrder = stretches.stream()
                .sorted(Comparator.comparingLong(Stretch::from))
                .toList();
        var blobs = inOrder.stream()
                .flatMap(stretch -> stretch.blobs().stream())
                .map(Id::parse)
                .toList();
        var first = Manifest.Unfinished.nodes(inOrder.getFirst().file().orElseThrow())
                .getFirst();
        if (!(first.kind() instanceof Node.File empty)) throw new IllegalStateException("no file: " + key);
        return new HugeObject(key, new Node(first.name(), new Node.File(empty.sizeBytes(), blobs), first.attributes()));
    }

    /** The folder that it is in, as keys begin there. */
    String folder() {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    /**
     * Parts in the order of their keys, without pieces of objects of which others are missing, or which another part
     * has as a whole.
     */
    static List<Shard> whole(List<Shard> parts) {
        var byRange = parts.stream().collect(Collectors.groupingBy(part -> new KeyRange(part.after(), part.last())));
        var whole = new ArrayList<Shard>();
        for (var same : byRange.values()) {
            var alone = same.stream().filter(part -> part.piece().isEmpty()).toList();
            if (!alone.isEmpty()) whole.addAll(alone);
            else if (isWhole(same)) whole.addAll(same);
        }
        whole.sort(((Comparator<Shard>) (one, other) -> KeyRange.compare(one.after(), other.after()))
                .thenComparing(
                        part -> !part.last().equals(Optional.of(part.after()))) // one with nothing in it is first
                .thenComparingLong(HugeObject::from));
        return whole;
    }

    static long from(Shard part) {
        return part.piece().map(Piece::from).orElse(0L);
    }

    private static boolean isWhole(List<Shard> pieces) {
        Map<Long, Piece> byStart = new TreeMap<>();
        for (var part : pieces) part.piece().ifPresent(piece -> byStart.put(piece.from(), piece));
        var reached = 0L;
        for (var piece : byStart.values()) {
            if (piece.from() != reached) return false;
            reached = piece.to();
        }
        return pieces.getFirst().piece().orElseThrow().sizeBytes() == reached;
    }
}
