package dev.holdfast.worker.backup;

import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.format.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds the folders of a range of keys, which come in their order. All keys of a folder follow one another, so that
 * one is stored as soon as another begins; but for those that may have keys outside of the range: the folders that its
 * two ends are in. For one thread.
 */
final class BucketTree {

    private final PartWriter writer;
    private final String after;
    private final List<Folder> open = new ArrayList<>();
    private final List<Folder> left = new ArrayList<>();
    private BucketTally tally = BucketTally.NOTHING;

    BucketTree(PartWriter writer, String after) {
        this.writer = writer;
        this.after = after;
        open.add(new Folder(""));
    }

    /** An object, as the file that it becomes. */
    void addFile(String key, Node file) {
        enter(key).addFile(file);
    }

    /** An object that stands for a folder. */
    void addFolder(Listed marker) {
        enter(marker.key()).mark(marker);
    }

    /** The folder of a key. */
    private Folder enter(String key) {
        while (!key.startsWith(open.getLast().prefix())) close(Optional.empty());
        for (var slash = key.indexOf('/', open.getLast().prefix().length());
                slash >= 0;
                slash = key.indexOf('/', slash + 1)) {
            open.add(new Folder(key.substring(0, slash + 1)));
        }
        return open.getLast();
    }

    /** {@code last}: the end of the range, if it is known by now. */
    private void close(Optional<String> last) {
        var folder = open.removeLast();
        var prefix = folder.prefix();
        if (after.startsWith(prefix)
                || last.filter(key -> key.startsWith(prefix)).isPresent()) {
            left.add(folder);
        } else {
            open.getLast().addFolder(store(folder));
        }
    }

    private Node store(Folder folder) {
        var stored = folder.store(writer);
        if (stored.node().kind() instanceof Node.Directory directory) {
            var before = writer.before(KeyNames.folder(folder.prefix()));
            tally = tally.plus(BucketTally.folder(before, directory, stored.split()));
        }
        return stored.node();
    }

    /**
     * There are no more keys.
     *
     * @param last the end of the range; empty: the end of the bucket
     * @return the folders that are not finished, the root among them
     */
    List<Folder> finish(Optional<String> last) {
        while (open.size() > 1) close(last);
        left.add(open.removeLast());
        return List.copyOf(left);
    }

    /** Of the folders that were stored. */
    BucketTally tally() {
        return tally;
    }
}
