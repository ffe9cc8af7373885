package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobState;
import dev.holdfast.repositories.Decisions;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.repositories.PruneTable;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.Repositories.Creation;
import dev.holdfast.repositories.S3Storage;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.BackupWriter;
import dev.holdfast.restic.Checker;
import dev.holdfast.restic.Forget;
import dev.holdfast.restic.Progress;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.StoredSnapshot;
import dev.holdfast.run.JobHandler;
import dev.holdfast.testing.Fault;
import dev.holdfast.testing.HandlerFaults;
import dev.holdfast.testing.Subject;
import dev.holdfast.testing.Workplace;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.RepositoryParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** In the package of the handlers, whose constructors are for their package only. */
class CareFaultsIT {

    /** The others strike in the same places; with {@code -Dbackup.faults=all} they do so here too. */
    private static final Set<Fault> FAULTS = "all".equals(System.getProperty("backup.faults"))
            ? EnumSet.allOf(Fault.class)
            : EnumSet.of(Fault.KILL_AFTER);

    private final AtomicInteger number = new AtomicInteger();

    @Test
    void pruneThatIsDisturbedAnywhereLeavesWhatIsUsedAndNothingElse() throws Exception {
        try (var workplace = Workplace.at(Cloud.forFaults())) {
            var subject = new Subject(
                    CareFaultsIT::pruneHandler,
                    () -> new JobPayload.Prune(prepared(workplace, true), Optional.empty()),
                    job -> effects(workplace, job));

            var report = HandlerFaults.run(workplace, subject, FAULTS);

            System.out.println(report);
            report.assertSingle();
            assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(report.effects()).containsOnlyOnce("index").hasSize(4); // a snapshot, its data, its tree
        }
    }

    @Test
    void forgetThatIsDisturbedAnywhereRemovesTheSame() throws Exception {
        try (var workplace = Workplace.at(Cloud.forFaults())) {
            var subject = new Subject(
                    CareFaultsIT::forgetHandler,
                    () -> new JobPayload.Forget(
                            prepared(workplace, false),
                            Optional.of(1),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            Optional.empty()),
                    job -> effects(workplace, job));

            var report = HandlerFaults.run(workplace, subject, FAULTS);

            System.out.println(report);
            report.assertSingle();
            assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(report.effects()).contains("snapshot", "row");
        }
    }

    private static JobHandler pruneHandler(Workplace at) {
        var repositories = repositories(at);
        var table = at.tables().catalog();
        var locks = locks(at, repositories);
        var handler = new PruneHandler(
                new BucketParts(at, repositories, locks).workplaces(),
                repositories,
                locks,
                new PruneTable(at.dynamo(), table),
                new Decisions(at.dynamo(), table),
                BucketParts.browsing(at, locks),
                at.jobs(),
                at.clock());
        return run -> handler.handle(run, (JobPayload.Prune) run.job().spec().payload());
    }

    private static JobHandler forgetHandler(Workplace at) {
        var repositories = repositories(at);
        var locks = locks(at, repositories);
        var handler = new ForgetHandler(
                new BucketParts(at, repositories, locks).workplaces(),
                new CatalogueSync(snapshots(at), BucketParts.browsing(at, locks), at.jobs()),
                new Decisions(at.dynamo(), at.tables().catalog()),
                at.jobs(),
                at.clock());
        return run -> handler.handle(run, (JobPayload.Forget) run.job().spec().payload());
    }

    private static FleetLocks locks(Workplace at, Repositories repositories) {
        return FleetLocks.of(at.dynamo(), at.tables().catalog(), at.jobs(), repositories, at.clock(), Duration.ZERO);
    }

    private static Repositories repositories(Workplace at) {
        return RepositoryParts.repositories(
                at.dynamo(), at.tables().catalog(), at.s3(), at.resources().bucket(), at.clock());
    }

    private static SnapshotTable snapshots(Workplace at) {
        return new SnapshotTable(at.dynamo(), at.tables().catalog());
    }

    /** A repository of its own with two snapshots, or with one and what another one used. */
    private String prepared(Workplace at, boolean forgotten) {
        var name = "home-" + number.incrementAndGet();
        assertThat(repositories(at).create(Workplace.TENANT, name, Optional.empty(), name, "secret"))
                .isInstanceOf(Creation.Made.class);
        var repository = open(at, name);
        var first = backup(repository, "first");
        backup(repository, "second");
        if (forgotten) Forget.remove(repository, List.of(first.id()));
        return name;
    }

    private static StoredSnapshot backup(Repository repository, String text) {
        var request = RepositoryParts.oneFile("notes.txt", text.getBytes(StandardCharsets.UTF_8));
        return BackupWriter.backup(repository, request, Progress.silent()).snapshot();
    }

    private static Repository open(Workplace at, String name) {
        return repositories(at)
                .open(repositories(at).find(Workplace.TENANT, name).orElseThrow());
    }

    private static List<String> effects(Workplace at, Job job) {
        var name = job.spec().payload() instanceof JobPayload.Prune prune
                ? prune.repository()
                : ((JobPayload.Forget) job.spec().payload()).repository();
        var effects = new ArrayList<String>();
        var stored = repositories(at).find(Workplace.TENANT, name).orElseThrow();
        list(repositories(at).storage(stored), "snapshots", effects);
        list(repositories(at).storage(stored), "data", effects);
        list(repositories(at).storage(stored), "index", effects);
        list(repositories(at).storage(stored), "locks", effects);
        for (Snapshot _ : snapshots(at).list(Workplace.TENANT, name, Integer.MAX_VALUE)) effects.add("row");
        var report = Checker.check(open(at, name), new Checker.ReadData.Everything(), 1, Progress.silent(), () -> {});
        report.errors().forEach(error -> effects.add("damaged: " + error));
        report.hints().forEach(hint -> effects.add("left over: " + hint));
        return effects;
    }

    private static void list(S3Storage storage, String folder, List<String> effects) {
        try {
            storage.list(folder, _ -> effects.add(folder.replaceFirst("s$", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
