package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.catalog.Snapshot;
import dev.holdfast.job.Job;
import dev.holdfast.run.Run;
import dev.holdfast.table.Claim;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CatalogIT {

    private static final Core CORE = Core.start();
    private static final String TABLE = CORE.names.prefix() + "catalog";
    private static final Catalog CATALOG = new Catalog(CORE.dynamo, TABLE);

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

        assertThat(CATALOG.snapshots("acme", run.id().toString(), 10)).hasSize(1);
    }

    @Test
    void runThatWasReplacedAddsNoSnapshot() {
        var run = claimed(submitted());
        CORE.pass(Core.LEASE);
        claimed(run);

        assertThatThrownBy(() -> add(run)).isInstanceOf(Run.LostException.class);

        assertThat(CATALOG.snapshots("acme", run.id().toString(), 10)).isEmpty();
    }

    @Test
    void cancelledRunAddsNoSnapshot() {
        var run = claimed(submitted());
        CORE.control.cancel(run.id());

        assertThatThrownBy(() -> add(run)).isInstanceOf(Run.LostException.class);

        assertThat(CATALOG.snapshots("acme", run.id().toString(), 10)).isEmpty();
    }

    /** To a repository of the job's own. */
    private static void add(Job run) {
        var snapshot = new Snapshot("5".repeat(64), run.createdAt(), run.id().toString(), List.of(), List.of());
        CATALOG.addSnapshot(CORE.jobs.stillMine(run), "acme", run.id().toString(), snapshot);
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
