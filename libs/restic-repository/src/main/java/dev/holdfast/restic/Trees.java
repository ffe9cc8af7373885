package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.util.List;
import java.util.Optional;

/** Where directories are read: a repository, or what somebody keeps of it elsewhere. For one thread. */
@FunctionalInterface
public interface Trees {

    /** The entries of a directory, as stored; a synthetic directory (section 9) is an entry like others. */
    List<Node> tree(Id id);

    /** Tells which directories are probably asked for next, in this order. */
    default void expect(List<Id> next) {}

    /** Those of a repository. Loads its index when the first one is read. */
    static Trees of(Repository repository) {
        return new Trees() {
            private Optional<BlobReader> reader = Optional.empty();

            @Override
            public List<Node> tree(Id id) {
                if (reader.isEmpty()) {
                    reader = Optional.of(
                            new BlobReader(repository, repository.indexFiles().loadForReading()));
                }
                return reader.get().tree(id);
            }
        };
    }
}
