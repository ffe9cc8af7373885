package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies snapshots into another repository, with other keys. What is there is not copied again; every blob is verified
 * on the way; compressed blobs stay as they are. Both repositories should have the same chunker polynomial (see
 * {@link NewRepository}), else later backups there do not deduplicate against what was copied.
 */
public final class Copier {
    private final BlobIndex sourceIndex;
    private final BlobReader reader;
    private final BlobWriter writer;
    private final Runnable step;
    private final Progress progress;

    private Copier(BlobIndex sourceIndex, BlobReader reader, BlobWriter writer, Runnable step, Progress progress) {
        this.sourceIndex = sourceIndex;
        this.reader = reader;
        this.writer = writer;
        this.step = step;
        this.progress = progress;
    }

    /**
     * Copies under shared locks in both. A snapshot that was copied before is skipped.
     *
     * @return the snapshots in {@code target} that were made now
     * @throws ResticException.Missing if a snapshot or something that it needs is not there; snapshots copied before it
     *     stay
     */
    public static List<StoredSnapshot> copy(
            Repository source, Repository target, List<Id> snapshots, WriterOptions options, Progress progress) {
        try (var from = source.lock(RepositoryLock.Kind.SHARED);
                var into = target.lock(RepositoryLock.Kind.SHARED)) {
            var wanted = snapshots.stream().map(source::snapshot).toList();
            var present = target.snapshots();
            var index = source.indexFiles().loadForReading();
            var made = new ArrayList<StoredSnapshot>();
            try (var writer = BlobWriter.open(target, options)) {
                Runnable step = () -> {
                    from.keep();
                    into.keep();
                };
                var copier = new Copier(index, new BlobReader(source, index), writer, step, progress);
                var walk = new TreeWalk(index, new BlobReader(source, index));
                for (var snapshot : wanted) {
                    var copy = snapshot.snapshot().copyOf(snapshot.id());
                    if (present.stream().anyMatch(it -> isCopy(it, copy))) continue;
                    copier.copyTrees(snapshot.snapshot().tree(), walk);
                    writer.flush();
                    step.run();
                    made.add(target.store(target.seal(copy)));
                    progress.finishFile();
                }
            }
            return made;
        }
    }

    private static boolean isCopy(StoredSnapshot there, Snapshot copy) {
        return there.snapshot().original().equals(copy.original())
                && there.snapshot().tree().equals(copy.tree())
                && there.snapshot().time().isEqual(copy.time());
    }

    private void copyTrees(Id root, TreeWalk walk) {
        walk.walk(root, new TreeWalk.Visitor() {
            @Override
            public void tree(Id id, List<Node> nodes) {
                progress.start("tree " + id.brief());
                copy(new BlobKey(BlobType.TREE, id));
                for (var node : nodes) {
                    if (!(node.kind() instanceof Node.File file)) continue;
                    for (var blob : file.content()) copy(new BlobKey(BlobType.DATA, blob));
                }
            }

            @Override
            public void unreadable(Id id, ResticException why) {
                throw why;
            }
        });
    }

    private void copy(BlobKey key) {
        if (writer.contains(key)) return;
        if (!sourceIndex.contains(key)) throw new ResticException.Missing(key + " is in no index");
        step.run();
        int plain = reader.read(key).length;
        writer.storeCompressed(key, reader.lastOpened());
        progress.addBytes(plain);
    }
}
