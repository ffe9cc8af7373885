package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Writes a part of a snapshot, as one of many processes that make it together: the packs, but no index. The caller
 * stores the index once this part counts; until then what was written is unreferenced, and harmless. Refers only to
 * blobs that an index file names, or that it has stored itself. Used by one thread.
 *
 * <p>Somebody must hold a shared lock from before the opening until the snapshot is stored.
 */
public final class PartWriter implements AutoCloseable {
    private final BlobIndex index;
    private final BlobWriter blobs;
    private final ParentTree parent;
    private final List<SealedIndex> sealed = Collections.synchronizedList(new ArrayList<>());

    private PartWriter(Repository repository, Optional<Id> parentTree, WriterOptions options) {
        this.index = repository.indexFiles().load();
        this.parent = new ParentTree(parentTree, new BlobReader(repository, index));
        this.blobs = BlobWriter.openWithoutIndex(
                repository,
                index,
                options,
                json -> sealed.add(repository.indexFiles().seal(json)));
    }

    /**
     * Loads the index, to know what is there.
     *
     * @param parent the snapshot to compare with; one that is gone is none
     */
    public static PartWriter open(Repository repository, Optional<Id> parent, WriterOptions options) {
        return new PartWriter(repository, parent.flatMap(id -> tree(repository, id)), options);
    }

    private static Optional<Id> tree(Repository repository, Id snapshot) {
        try {
            return Optional.of(repository.snapshot(snapshot).snapshot().tree());
        } catch (ResticException.Missing gone) {
            return Optional.empty();
        }
    }

    /**
     * What this writer has stored.
     *
     * @param indexes to be stored before a snapshot refers to any of it
     */
    public record Part(List<SealedIndex> indexes, BlobWriter.Added added) {
        public Part {
            indexes = List.copyOf(indexes);
        }
    }

    /** The entry at a path of the parent, of at least one name; cheap when asked for in order. */
    public Optional<Node> before(List<ByteString> path) {
        return parent.find(path);
    }

    /** Whether all of the content is stored already. */
    public boolean holds(Node.File file) {
        return file.content().stream().allMatch(id -> index.contains(new BlobKey(BlobType.DATA, id)));
    }

    /** Reads the stream to its end and stores what is new. Does not close it. */
    public BlobWriter.StoredFile store(InputStream in, IntConsumer pieceRead) throws IOException {
        return blobs.storeFile(in, pieceRead::accept);
    }

    /** For a directory. */
    public TreeBuilder tree() {
        return new TreeBuilder(blobs);
    }

    /** The directories that are stored by now: all of them, once this has {@link #finish finished}. */
    public Trees trees() {
        return blobs.trees();
    }

    /** Stores all that is left. */
    public Part finish() {
        var added = blobs.flush();
        return new Part(sealed, added);
    }

    /** Stops at once. */
    @Override
    public void close() {
        blobs.close();
    }
}
