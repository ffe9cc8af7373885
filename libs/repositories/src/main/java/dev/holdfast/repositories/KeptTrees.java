package dev.holdfast.repositories;

import dev.holdfast.restic.Trees;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The directories of a repository as the catalogue keeps them: names, kinds, sizes and times. Nothing of the repository
 * itself is read. Those that are expected are fetched together. For one thread.
 */
public final class KeptTrees implements Trees {

    private final DirectoryTable table;
    private final String tenant;
    private final String repository;
    private final DirectorySeal seal;
    private final Deque<Id> expected = new ArrayDeque<>();
    private final Map<Id, DirectoryTable.First> fetched = new HashMap<>();
    private long count;

    public KeptTrees(DirectoryTable table, StoredRepository repository, DirectorySeal seal) {
        this.table = table;
        this.tenant = repository.tenant();
        this.repository = repository.name();
        this.seal = seal;
    }

    /** The catalogue does not have that directory, or not as it should. */
    public static final class AbsentException extends RuntimeException {
        private AbsentException(Id tree) {
            super("the catalogue has no directory " + tree.brief());
        }

        private AbsentException(ResticException damaged) {
            super(damaged.getMessage(), damaged);
        }
    }

    @Override
    public List<Node> tree(Id id) {
        count++;
        var first = fetched.remove(id);
        if (first == null) first = fetch(id);
        var parts = new ArrayList<byte[]>();
        parts.add(first.sealed());
        if (first.count() > 1) {
            parts.addAll(
                    table.others(tenant, repository, id, first.count()).orElseThrow(() -> new AbsentException(id)));
        }
        try {
            return seal.open(id, parts);
        } catch (ResticException damaged) {
            throw new AbsentException(damaged);
        }
    }

    /** Fetches it, and the next of those that are expected. */
    private DirectoryTable.First fetch(Id id) {
        var wanted = new LinkedHashSet<Id>();
        wanted.add(id);
        while (wanted.size() < DirectoryTable.READS && !expected.isEmpty()) {
            var next = expected.pop();
            if (!fetched.containsKey(next)) wanted.add(next);
        }
        fetched.putAll(table.first(tenant, repository, wanted));
        var first = fetched.remove(id);
        if (first == null) throw new AbsentException(id);
        return first;
    }

    @Override
    public void expect(List<Id> next) {
        for (var id : next.reversed()) expected.push(id);
    }

    /** How many directories were read. */
    public long count() {
        return count;
    }
}
