package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobResult;
import dev.holdfast.repositories.SealedBackup;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.run.Run;
import dev.holdfast.table.Claim;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SnapshotTableIT {

    private static final Core CORE = Core.start();
    private static final String TABLE = CORE.names.prefix() + "catalog";
    private static final SnapshotTable SNAPSHOTS = new SnapshotTable(CORE.dynamo, TABLE);

    @BeforeAll
    static void makeTable() {
        Catalog.resource(CORE.dynamo, TABLE).provision();
    }

    @AfterAll
    static void close() {
        CORE.close();
    }

    @Test
    void snapshotAddedTwiceIsThereOnce() {
        var run = claimed(submitted());

        add(run);
        add(run);

        assertThat(SNAPSHOTS.list("acme", run.id().toString(), 10)).hasSize(1);
    }

    @Test
    void runThatWasReplacedAddsNoSnapshot() {
        var run = claimed(submitted());
        CORE.pass(Core.LEASE);
        claimed(run);

        assertThatThrownBy(() -> add(run)).isInstanceOf(Run.LostException.class);

        assertThat(SNAPSHOTS.list("acme", run.id().toString(), 10)).isEmpty();
    }

    @Test
    void cancelledRunAddsNoSnapshot() {
        var run = claimed(submitted());
        CORE.control.cancel(run.id());

        assertThatThrownBy(() -> add(run)).isInstanceOf(Run.LostException.class);

        assertThat(SNAPSHOTS.list("acme", run.id().toString(), 10)).isEmpty();
    }

    @Test
    void endOfABackupIsDecidedOnce() {
        var run = claimed(submitted());
        var first = sealed(run, "Zmlyc3Q=");

        var decided = seal(run, first);
        var again = seal(run, sealed(run, "c2Vjb25k"));

        assertThat(decided).isEqualTo(first);
        assertThat(again).isEqualTo(first);
        assertThat(SNAPSHOTS.sealed(run.id())).contains(first);
    }

    @Test
    void runThatWasReplacedDecidesNothing() {
        var run = claimed(submitted());
        CORE.pass(Core.LEASE);
        claimed(run);

        assertThatThrownBy(() -> seal(run, sealed(run, "Zmlyc3Q="))).isInstanceOf(Run.LostException.class);

        assertThat(SNAPSHOTS.sealed(run.id())).isEmpty();
    }

    /** To a repository of the job's own. */
    private static void add(Job run) {
        SNAPSHOTS.add(CORE.jobs.stillMine(run), "acme", run.id().toString(), snapshot(run));
    }

    private static SealedBackup seal(Job run, SealedBackup wanted) {
        return SNAPSHOTS.seal(CORE.jobs.stillMine(run), run.id(), wanted, Instant.now());
    }

    private static SealedBackup sealed(Job run, String bytes) {
        var result = new JobResult.BackedUp("5".repeat(64), 1, 0, 0, 5, 5, 100, 0.5, List.of());
        return new SealedBackup(bytes, snapshot(run), result);
    }

    private static Snapshot snapshot(Job run) {
        return new Snapshot(
                "5".repeat(64),
                run.createdAt(),
                run.id().toString(),
                List.of("/a.txt"),
                List.of(),
                Optional.empty(),
                1,
                5,
                5,
                100,
                Optional.empty());
    }

    private static Job submitted() {
        var job = CORE.job("x");
        CORE.jobs.submit(job);
        return job;
    }

    private static Job claimed(Job job) {
        return CORE.jobs.claim(job.id()) instanceof Claim.Won(var won) ? won : job;
    }
}
