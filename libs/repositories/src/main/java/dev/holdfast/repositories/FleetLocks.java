package dev.holdfast.repositories;

import static java.util.stream.Collectors.toSet;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.RepositoryLock;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.table.JobTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The shared locks of the fleet: each job that works on a repository has one in it from its first run to its end, so
 * that no {@code restic prune} of a user removes what it has stored so far. The next run of a job whose run died takes
 * its lock over; a lock whose job has ended without a word is removed by whoever takes one next.
 */
public final class FleetLocks {

    private static final Logger LOG = Logger.getLogger(FleetLocks.class);

    /** Locks that are refreshed more often than this are not looked at: their jobs run. */
    private static final Duration SILENT = Duration.ofMinutes(11);

    /** What the format asks for between writing a lock and looking for others. */
    static final Duration SETTLE = Duration.ofMillis(200);

    private final LockTable table;
    private final JobTable jobs;
    private final BiFunction<String, String, Optional<Repository>> repositories;
    private final InstantSource clock;
    private final Duration settle;

    /** {@code settle}: how long to wait for others between writing a lock and looking for theirs. */
    public static FleetLocks of(
            DynamoDbClient dynamo,
            String table,
            JobTable jobs,
            Repositories repositories,
            InstantSource clock,
            Duration settle) {
        return new FleetLocks(
                new LockTable(dynamo, table),
                jobs,
                (tenant, name) -> repositories.find(tenant, name).map(repositories::open),
                clock,
                settle);
    }

    private FleetLocks(
            LockTable table,
            JobTable jobs,
            BiFunction<String, String, Optional<Repository>> repositories,
            InstantSource clock,
            Duration settle) {
        this.table = table;
        this.jobs = jobs;
        this.repositories = repositories;
        this.clock = clock;
        this.settle = settle;
    }

    /**
     * Takes the lock of a job, or takes it over from a run of it that died.
     *
     * @throws ResticException.Locked when somebody outside the fleet keeps all others away from the repository
     */
    public FleetLock hold(Job job, String repositoryName, Repository repository) {
        return hold(job.tenant(), job.id(), repositoryName, repository, table.all());
    }

    /**
     * The same for a run of one of its parts: as long as the lock is fresh, that run keeps it as it is. Several may
     * hold the one lock at the same time: each refreshes it by an object of its own in the place of those it knows, so
     * that there is always one, and only the job itself releases it.
     */
    public FleetLock join(String tenant, JobId whole, String repositoryName, Repository repository) {
        var rows = table.all();
        return rows.stream()
                .filter(row -> row.job().equals(whole) && isFresh(row))
                .findFirst()
                .map(row -> lock(tenant, whole, repositoryName, repository).joined(row.objects(), row.refreshed()))
                .orElseGet(() -> hold(tenant, whole, repositoryName, repository, rows));
    }

    private boolean isFresh(LockTable.Row row) {
        return !row.objects().isEmpty()
                && row.refreshed().plus(FleetLock.REFRESH_EVERY).isAfter(clock.instant());
    }

    private FleetLock lock(String tenant, JobId id, String repositoryName, Repository repository) {
        return new FleetLock(table, repository, tenant, repositoryName, id, clock, settle);
    }

    private FleetLock hold(
            String tenant, JobId id, String repositoryName, Repository repository, List<LockTable.Row> rows) {
        var left = rows.stream().filter(row -> row.job().equals(id)).findFirst();
        var lock = lock(tenant, id, repositoryName, repository);
        lock.take(left.map(LockTable.Row::objects).orElseGet(Set::of));
        FleetLock.settle(settle);
        try {
            lock.requireNoForeign(RepositoryLock.Kind.SHARED);
        } catch (ResticException.Locked foreign) {
            lock.release();
            throw foreign;
        }
        rows.stream().filter(row -> !row.job().equals(id)).filter(this::isLeft).forEach(this::remove);
        return lock;
    }

    /** The other jobs that work in a repository now, or whose runs there died. */
    public Set<JobId> others(Job job, String repositoryName) {
        return table.all().stream()
                .filter(row -> row.tenant().equals(job.tenant())
                        && row.repository().equals(repositoryName)
                        && !row.job().equals(job.id()))
                .map(LockTable.Row::job)
                .collect(toSet());
    }

    /** Those of the {@link #others} that were there before and may go on with what they began then. */
    public Set<JobId> remaining(Job job, String repositoryName, Set<JobId> before) {
        return others(job, repositoryName).stream()
                .filter(before::contains)
                .filter(other ->
                        jobs.find(other).filter(it -> !it.state().isFinal()).isPresent())
                .collect(toSet());
    }

    /** Whether the job of a silent lock has ended. */
    private boolean isLeft(LockTable.Row row) {
        return row.refreshed().plus(SILENT).isBefore(clock.instant())
                && jobs.find(row.job()).filter(job -> !job.state().isFinal()).isEmpty();
    }

    private void remove(LockTable.Row row) {
        try {
            repositories
                    .apply(row.tenant(), row.repository())
                    .ifPresent(repository -> RepositoryLock.remove(repository, row.objects()));
            table.release(row.job(), row.objects());
            LOG.infof("removed the lock of an ended job jobId=%s repository=%s", row.job(), row.repository());
        } catch (ResticException | KeyUnavailableException | S3Clients.UnusableConnectionException unreachable) {
            LOG.warnf("lock of an ended job stays jobId=%s error=%s", row.job(), unreachable);
        }
    }
}
