package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.Repositories.Creation;
import dev.holdfast.repositories.StoredRepository;
import dev.holdfast.resources.BucketResource;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.RepositoryLock;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.table.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** F32, and what becomes of the locks of the dead. */
class FleetLocksIT {

    private static final Core CORE = Core.start();
    private static final String TABLE = CORE.names.prefix() + "catalog";
    private static final String BUCKET = CORE.names.prefix() + "locks";
    private static final S3Client S3 = Cloud.s3();
    private static final Repositories REPOSITORIES =
            RepositoryParts.repositories(CORE.dynamo, TABLE, S3, BUCKET, () -> CORE.now);

    @BeforeAll
    static void makeTableAndBucket() {
        Catalog.resource(CORE.dynamo, TABLE).provision();
        new BucketResource(S3, BUCKET).provision();
    }

    @AfterAll
    static void close() {
        S3.close();
        CORE.close();
    }

    @Test
    void pruneOfAUserIsRefusedWhileAJobIsOpen() {
        Restic.require();
        var stored = create("pruned");
        var restic = new Restic(REPOSITORIES.resticUrl(stored), "secret");
        var lock = locks().hold(claimed(), "pruned", REPOSITORIES.open(stored));

        var refused = restic.attempt("prune");
        lock.release();
        var allowed = restic.attempt("prune");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output()).contains("locked", "fleet.tests");
        assertThat(allowed.exitCode()).as(allowed.output()).isZero();
    }

    @Test
    void lockOfARunThatDiedIsTakenOverByTheNextRunOfItsJob() {
        var repository = REPOSITORIES.open(create("taken-over"));
        var job = claimed();
        locks().hold(job, "taken-over", repository);
        var left = held(repository);

        var next = locks().hold(job, "taken-over", repository);

        assertThat(held(repository)).hasSize(1).doesNotContainAnyElementsOf(left);
        next.release();
        assertThat(held(repository)).isEmpty();
    }

    @Test
    void lockOfAJobThatEndedWithoutAWordIsRemovedByTheNextJob() {
        var repository = REPOSITORIES.open(create("left"));
        var dead = claimed();
        locks().hold(dead, "left", repository);
        CORE.jobs.fail(dead, new JobError("quarantined", "its runs fell silent", false, 1));
        CORE.pass(Duration.ofMinutes(12));

        var next = locks().hold(claimed(), "left", repository);

        assertThat(held(repository)).hasSize(1);
        next.release();
        assertThat(held(repository)).isEmpty();
    }

    @Test
    void lockOfAJobThatWaitsIsLeftAlone() {
        var repository = REPOSITORIES.open(create("waiting"));
        locks().hold(claimed(), "waiting", repository);
        CORE.pass(Duration.ofMinutes(12));

        locks().hold(claimed(), "waiting", repository).release();

        assertThat(held(repository)).hasSize(1);
    }

    @Test
    void lockOfAJobStaysWhileItsPartsComeAndGo() {
        var repository = REPOSITORIES.open(create("parts"));
        var job = claimed();
        locks().hold(job, "parts", repository);
        var first = held(repository);
        var one = locks().join(job.tenant(), job.id(), "parts", repository);
        var other = locks().join(job.tenant(), job.id(), "parts", repository);
        assertThat(held(repository)).isEqualTo(first);

        CORE.pass(Duration.ofMinutes(6));
        one.keep();
        other.keep();
        assertThat(held(repository)).hasSize(2);

        locks().hold(job, "parts", repository).release();
        assertThat(held(repository)).isEmpty();
    }

    @Test
    void partThatFindsAnOldLockTakesItOver() {
        var repository = REPOSITORIES.open(create("old"));
        var job = claimed();
        locks().hold(job, "old", repository);
        var old = held(repository);

        CORE.pass(Duration.ofMinutes(6));
        locks().join(job.tenant(), job.id(), "old", repository);

        assertThat(held(repository)).hasSize(1).doesNotContainAnyElementsOf(old);
        locks().hold(job, "old", repository).release();
    }

    @Test
    void lockIsRefreshedEveryFiveMinutes() {
        var repository = REPOSITORIES.open(create("refreshed"));
        var lock = locks().hold(claimed(), "refreshed", repository);
        var first = held(repository);

        lock.keep();
        var soon = held(repository);
        CORE.pass(Duration.ofMinutes(6));
        lock.keep();

        assertThat(soon).isEqualTo(first);
        assertThat(held(repository)).hasSize(1).doesNotContainAnyElementsOf(first);
        lock.release();
    }

    @Test
    void whoKeepsAllOthersAwayIsWaitedFor() {
        var repository = REPOSITORIES.open(create("exclusive"));
        try (var pruning = repository.lock(RepositoryLock.Kind.EXCLUSIVE)) {
            assertThatThrownBy(() -> locks().hold(claimed(), "exclusive", repository))
                    .isInstanceOf(ResticException.Locked.class);

            assertThat(RepositoryLock.list(repository)).hasSize(1);
            pruning.keep();
        }
    }

    /** As another process would have them. */
    private static FleetLocks locks() {
        return FleetLocks.of(CORE.dynamo, TABLE, CORE.jobs, REPOSITORIES, () -> CORE.now, Duration.ofMillis(200));
    }

    private static StoredRepository create(String name) {
        var creation = REPOSITORIES.create("acme", name, Optional.empty(), name, "secret");
        if (creation instanceof Creation.Made(var made)) return made;
        throw new AssertionError(creation);
    }

    private static List<String> held(Repository repository) {
        return RepositoryLock.list(repository).stream()
                .map(held -> held.object().toHex())
                .toList();
    }

    private static Job claimed() {
        var job = CORE.job("x");
        CORE.jobs.submit(job);
        if (CORE.jobs.claim(job.id()) instanceof Claim.Won(var won)) return won;
        throw new AssertionError("not claimed");
    }
}
