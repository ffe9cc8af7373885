package dev.holdfast.worker.backup;

import dev.holdfast.job.JobId;
import dev.holdfast.repositories.DirectorySeal;
import dev.holdfast.repositories.DirectoryTable;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.restic.Trees;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Keeps the directories of snapshots in the catalogue, where they are browsed without opening the repository. A failure
 * to do so fails no job: what is not there is read from the repository, and the next check writes it.
 */
@Singleton
final class Browsing {

    private static final Logger LOG = Logger.getLogger(Browsing.class);

    /** Directories that are written or asked for together. */
    private static final int AT_ONCE = 25;

    private final DirectoryTable table;
    private final FleetLocks locks;
    private final BackupConfig config;

    Browsing(DirectoryTable table, FleetLocks locks, BackupConfig config) {
        this.table = table;
        this.locks = locks;
        this.config = config;
    }

    /**
     * Writes these directories and all below them. Looks no further where one is there, for it is written after those
     * below it.
     *
     * @param whole the job whose lock keeps them from being removed, until a snapshot has them
     */
    void keep(Run run, Workplace at, JobId whole, Collection<Id> roots, Trees trees) {
        if (!config.browse()) return;
        var writer = new Writer(run, at, whole);
        try {
            writer.keepAbsent(roots, trees);
            writer.flush();
        } catch (SdkException | ResticException failed) {
            warn(run, at, failed);
        }
    }

    private static void warn(Run run, Workplace at, Exception failed) {
        LOG.warnf(
                "directories not in the catalogue jobId=%s repository=%s error=%s",
                run.job().id(), at.stored().name(), failed);
    }

    /** Writes directories, some at a time, each once. */
    private final class Writer {
        private final Run run;
        private final Workplace at;
        private final JobId job;
        private final DirectorySeal seal;
        private final Set<Id> done = new HashSet<>();
        private final List<DirectoryTable.Sealed> waiting = new ArrayList<>();

        Writer(Run run, Workplace at, JobId job) {
            this.run = run;
            this.at = at;
            this.job = job;
            var repository = at.repository();
            this.seal = new DirectorySeal(repository.masterKey(), repository.environment());
        }

        void keepAbsent(Collection<Id> ids, Trees trees) {
            var unknown =
                    ids.stream().distinct().filter(id -> !done.contains(id)).toList();
            for (var from = 0; from < unknown.size(); from += AT_ONCE) {
                var some = unknown.subList(from, Math.min(unknown.size(), from + AT_ONCE));
                var present = table.present(run.job().tenant(), at.stored().name(), some);
                for (var id : some) {
                    if (present.contains(id) || done.contains(id)) continue;
                    var nodes = trees.tree(id);
                    keepAbsent(Browsing.directories(nodes), trees);
                    write(id, nodes);
                }
            }
        }

        void write(Id id, List<Node> nodes) {
            if (!done.add(id)) return;
            at.keeping(run).run();
            waiting.add(DirectoryTable.Sealed.of(seal, id, nodes));
            if (waiting.size() == AT_ONCE) flush();
        }

        void flush() {
            table.put(run.job().tenant(), at.stored().name(), job, waiting);
            waiting.clear();
        }
    }

    private static List<Id> directories(List<Node> nodes) {
        return nodes.stream()
                .map(Node::kind)
                .filter(Node.Directory.class::isInstance)
                .map(kind -> ((Node.Directory) kind).subtree())
                .toList();
    }

    /**
     * Looks which directories the catalogue has. To be asked before the snapshots are listed: whatever no snapshot has
     * then, nor a job that is still at work, is to go.
     */
    Census census(Run run, Workplace at) {
        var tenant = run.job().tenant();
        var name = at.stored().name();
        try {
            var rows = table.all(tenant, name);
            var others =
                    locks.others(run.job(), name).stream().map(JobId::toString).collect(Collectors.toSet());
            return new Census(run, at, rows, others);
        } catch (SdkException failed) {
            warn(run, at, failed);
            return new Census(run, at, Map.of(), Set.of()).broken();
        }
    }

    /** Compares the directories of all snapshots, each of which it is told once, with those of the catalogue. */
    final class Census {
        private final Run run;
        private final Workplace at;
        private final Map<Id, DirectoryTable.Rows> rest;
        private final Set<String> others;
        private final Writer writer;
        private boolean broken;

        private Census(Run run, Workplace at, Map<Id, DirectoryTable.Rows> rows, Set<String> others) {
            this.run = run;
            this.at = at;
            this.rest = rows;
            this.others = others;
            this.writer = new Writer(run, at, run.job().id());
        }

        private Census broken() {
            broken = true;
            return this;
        }

        /** A snapshot has that directory. */
        void count(Id tree) {
            rest.remove(tree);
        }

        /** A snapshot has that directory: writes it, unless it is there. */
        void countAndKeep(Id tree, List<Node> nodes) {
            if (broken || rest.remove(tree) != null || !config.browse()) return;
            attempt(() -> writer.write(tree, nodes));
        }

        /** All snapshots have been looked at: removes what none of them has. */
        void end() {
            if (broken) return;
            attempt(() -> {
                writer.flush();
                var unused = new HashMap<>(rest);
                unused.values().removeIf(rows -> others.contains(rows.job()));
                table.remove(run.job().tenant(), at.stored().name(), unused);
            });
        }

        private void attempt(Runnable writing) {
            try {
                writing.run();
            } catch (SdkException failed) {
                broken = true;
                warn(run, at, failed);
            }
        }
    }
}
