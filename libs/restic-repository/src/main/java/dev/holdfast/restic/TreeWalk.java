package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;

/** Visits every tree that snapshots refer to, each once, in any order. Remembers one bit for each blob. */
final class TreeWalk {
    private final BlobIndex index;
    private final BlobReader reader;
    private final BitSet seen = new BitSet();

    /** What is found on the way. */
    interface Visitor {
        void tree(Id id, List<Node> nodes);

        /** A tree that is not there or not readable; what is under it is not visited. */
        void unreadable(Id id, ResticException why);
    }

    TreeWalk(BlobIndex index, BlobReader reader) {
        this.index = index;
        this.reader = reader;
    }

    void walk(Id root, Visitor visitor) {
        var waiting = new ArrayDeque<Id>();
        waiting.push(root);
        while (!waiting.isEmpty()) {
            var id = waiting.pop();
            int entry = index.find(new BlobKey(BlobType.TREE, id));
            if (entry >= 0 && seen.get(entry)) continue;
            List<Node> nodes;
            try {
                nodes = reader.tree(id);
            } catch (ResticException.Damaged | ResticException.Missing | ResticException.TooLarge e) {
                visitor.unreadable(id, e);
                continue;
            }
            seen.set(entry);
            visitor.tree(id, nodes);
            for (var node : nodes.reversed()) {
                if (node.kind() instanceof Node.Directory directory) waiting.push(directory.subtree());
            }
        }
    }
}
