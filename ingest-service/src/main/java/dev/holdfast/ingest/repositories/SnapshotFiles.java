package dev.holdfast.ingest.repositories;

import dev.holdfast.repositories.DirectoryTable;
import dev.holdfast.repositories.KeptTrees;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.StoredRepository;
import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.SnapshotTree;
import dev.holdfast.restic.format.Id;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What is in snapshots: from the catalogue, however large the repository is. A snapshot whose directories are not all
 * there is looked into by opening its repository, which reads the whole index.
 */
@Singleton
final class SnapshotFiles {

    /** A search of the catalogue ends after so long, or so many directories. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final long MOST_DIRECTORIES = 50_000;

    private final Repositories repositories;
    private final DirectoryTable directories;
    private final InstantSource clock;

    SnapshotFiles(Repositories repositories, DirectoryTable directories, InstantSource clock) {
        this.repositories = repositories;
        this.directories = directories;
        this.clock = clock;
    }

    /**
     * What somebody wants to see.
     *
     * @param find the names of entries anywhere below the directory; without it, all entries of the directory itself
     */
    record Wanted(NodePath directory, Optional<String> find, int limit) {
        private Optional<FileList> in(SnapshotTree tree, Id snapshot, BooleanSupplier enough) {
            return find.isPresent()
                    ? FileList.find(tree, snapshot, directory, find.get(), limit, enough)
                    : FileList.of(tree, snapshot, directory, limit);
        }
    }

    /** Empty if there is no such directory. */
    Optional<FileList> of(StoredRepository repository, Snapshot snapshot, Wanted wanted) {
        var end = clock.instant().plus(LONGEST);
        BooleanSupplier late = () -> clock.instant().isAfter(end);
        if (snapshot.tree().isPresent()) {
            try {
                return kept(repository, snapshot, snapshot.tree().get(), wanted, late);
            } catch (KeptTrees.AbsentException absent) {
                // the repository has it
            }
        }
        var tree = SnapshotTree.open(repositories.open(repository));
        return wanted.in(tree, Id.parse(snapshot.id()), late);
    }

    private Optional<FileList> kept(
            StoredRepository repository, Snapshot snapshot, String root, Wanted wanted, BooleanSupplier late) {
        var trees = new KeptTrees(directories, repository, repositories.directorySeal(repository));
        return wanted.in(
                SnapshotTree.of(Id.parse(root), trees),
                Id.parse(snapshot.id()),
                () -> trees.count() > MOST_DIRECTORIES || late.getAsBoolean());
    }
}
