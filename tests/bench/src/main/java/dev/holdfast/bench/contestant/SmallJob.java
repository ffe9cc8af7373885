package dev.holdfast.bench.contestant;

import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Notify;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The job of the race: an ordinary small one, and its result. Its handler does nothing. */
public final class SmallJob {

    /** What a run of it brings. */
    public static final JobResult RESULT = new JobResult.BackedUp(
            "4f5c2f0a1d9e8b7c6a5f4e3d2c1b0a998877665544332211ffeeddccbbaa0099",
            12,
            3,
            40,
            81_920,
            4_096,
            2_048,
            0.8,
            List.of());

    private static final String HASH = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private SmallJob() {}

    /** A new one. {@code mailed}: somebody is to be told how it ended. */
    public static Job accepted(RandomGenerator random, boolean mailed) {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var source = new BackupSource.Upload("0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6");
        var payload = new JobPayload.Backup("documents", source, List.of("nightly"), List.of(), Optional.empty(), Optional.empty());
        var notify = mailed ? new Notify(List.of("ada@example.org"), Set.of(JobState.SUCCEEDED)) : Notify.NOBODY;
        var spec = new JobSpec(payload, notify, Optional.empty(), Optional.empty(), 5, Map.of());
        return Job.accepted(JobId.timeOrdered(now, random), "acme", spec, HASH, TRACE, now);
    }
}
