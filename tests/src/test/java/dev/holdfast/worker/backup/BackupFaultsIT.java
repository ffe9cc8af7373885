package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.catalog.Uploads;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload.Backup;
import dev.holdfast.job.JobState;
import dev.holdfast.outbound.FetchConfig;
import dev.holdfast.outbound.OutboundConfig;
import dev.holdfast.outbound.OutboundGuard;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.Repositories.Creation;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.restic.Checker;
import dev.holdfast.restic.Progress;
import dev.holdfast.run.JobHandler;
import dev.holdfast.testing.Fault;
import dev.holdfast.testing.HandlerFaults;
import dev.holdfast.testing.Subject;
import dev.holdfast.testing.Workplace;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.RepositoryParts;
import dev.holdfast.worker.postgres.Databases;
import dev.holdfast.worker.postgres.PostgresConfig;
import dev.holdfast.worker.tables.Tables;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** In the package of the handler, whose constructor is for its package only. */
class BackupFaultsIT {

    /** For sources that no test here has. */
    private static final Vertx VERTX = Vertx.vertx();

    /** The others strike in the same places; with {@code -Dbackup.faults=all} they do so here too. */
    private static final Set<Fault> FAULTS = "all".equals(System.getProperty("backup.faults"))
            ? EnumSet.allOf(Fault.class)
            : EnumSet.of(Fault.KILL_AFTER, Fault.EXPIRY, Fault.LOST_ANSWER);

    private final AtomicInteger number = new AtomicInteger();

    @Test
    void backupThatIsDisturbedAnywhereMakesOneWholeSnapshot() throws Exception {
        try (var workplace = Workplace.at(Cloud.forFaults())) {
            var subject =
                    new Subject(BackupFaultsIT::handler, () -> payload(workplace), job -> effects(workplace, job));

            var report = HandlerFaults.run(workplace, subject, FAULTS);

            System.out.println(report);
            report.assertSingle();
            assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(report.calls()).contains("S3.PutObject", "DynamoDb.TransactWriteItems");
            assertThat(report.effects()).hasSize(2); // restic's snapshot, the catalogue's
        }
    }

    /** It was stored before anybody looked at its patterns. */
    @Test
    void jobWithAPatternThatIsNoneFailsAtOnceAndSaysWhy() throws Exception {
        var source = new BackupSource.Inline("notes.txt", "");
        var exclude = List.of("*.tmp", "[");
        var payload = new Backup("home", source, List.of(), exclude, Optional.empty(), Optional.empty());
        try (var workplace = Workplace.at(Cloud.forFaults())) {
            var subject = new Subject(
                    BackupFaultsIT::handler,
                    () -> payload,
                    job -> job.error().stream()
                            .map(error -> error.code() + ": " + error.message())
                            .toList());

            var report = HandlerFaults.run(workplace, subject, Set.of());

            assertThat(report.state()).isEqualTo(JobState.FAILED);
            assertThat(report.effects())
                    .containsExactly("exclude-invalid: The pattern [ of exclude must have a ] for each [.");
        }
    }

    private record Outbound(List<String> ports, Optional<List<String>> networks) implements OutboundConfig {}

    private record Fetch(boolean plain, Duration timeout, Duration idle, Duration longest, long bytes, int redirects)
            implements FetchConfig {}

    @AfterAll
    static void closeVertx() {
        VERTX.close();
    }

    private static JobHandler handler(Workplace at) {
        var repositories = repositories(at);
        var table = at.tables().catalog();
        var locks = FleetLocks.of(at.dynamo(), table, at.jobs(), repositories, at.clock(), Duration.ZERO);
        var guard = new OutboundGuard(new Outbound(List.of("443"), Optional.empty()));
        var second = Duration.ofSeconds(1);
        var web = new WebFiles(VERTX, guard, new Fetch(false, second, second, second, 1, 0), at.clock());
        var folders = new Folders(new BucketParts.Config());
        var sources = new Sources(new Uploads(at.dynamo(), table), at.s3(), at.resources(), web, folders);
        var parts = new BucketParts(at, repositories, locks);
        var handler = new BackupHandler(
                parts.workplaces(),
                repositories,
                parts.catalogue(),
                sources,
                parts.buckets(),
                databases(at),
                new Tables(at.dynamo(), List.of(), at.tables()),
                at.clock());
        return run -> handler.handle(run, (Backup) run.job().spec().payload());
    }

    private static Databases databases(Workplace at) {
        return new Databases(RepositoryParts.logins(at.dynamo(), at.tables().catalog()), new NoDatabases());
    }

    private record NoDatabases() implements PostgresConfig {
        @Override
        public String pgDump() {
            return "pg_dump";
        }

        @Override
        public int readers() {
            return 1;
        }

        @Override
        public String rootCertificates() {
            return "/dev/null";
        }
    }

    private static Repositories repositories(Workplace at) {
        return RepositoryParts.repositories(
                at.dynamo(), at.tables().catalog(), at.s3(), at.resources().bucket(), at.clock());
    }

    private static SnapshotTable snapshots(Workplace at) {
        return new SnapshotTable(at.dynamo(), at.tables().catalog());
    }

    /** Into a repository of its own: the same work each time. */
    private Backup payload(Workplace at) {
        var name = "home-" + number.incrementAndGet();
        assertThat(repositories(at).create(Workplace.TENANT, name, Optional.empty(), name, "secret"))
                .isInstanceOf(Creation.Made.class);
        var content = Base64.getEncoder().encodeToString("content".getBytes(StandardCharsets.UTF_8));
        var source = new BackupSource.Inline("notes.txt", content);
        return new Backup(name, source, List.of(), List.of(), Optional.empty(), Optional.empty());
    }

    private static List<String> effects(Workplace at, Job job) {
        var name = ((Backup) job.spec().payload()).repository();
        var effects = new ArrayList<String>();
        snapshots(at).list(job.tenant(), name, Integer.MAX_VALUE).stream()
                .map(Snapshot::toString)
                .forEach(effects::add);
        var repositories = repositories(at);
        var repository = repositories.open(repositories.find(job.tenant(), name).orElseThrow());
        repository.snapshots().forEach(snapshot -> effects.add("restic " + snapshot.id()));
        var report = Checker.check(repository, new Checker.ReadData.Everything(), 1, Progress.silent(), () -> {});
        report.errors().forEach(error -> effects.add("damaged: " + error));
        return effects;
    }
}
