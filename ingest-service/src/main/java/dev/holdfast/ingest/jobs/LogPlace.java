package dev.holdfast.ingest.jobs;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import java.util.Optional;

/**
 * Where the log of a job lies.
 *
 * @param repository beside that of its tenant
 * @param root with the logs of this job
 * @param part the part of that, whose log alone it is
 */
record LogPlace(String repository, String root, Optional<String> part) {

    /** The place for a job of a kind that has a log, and that has begun. */
    static Optional<LogPlace> of(Job job) {
        if (job.startedAt().isEmpty()) return Optional.empty();
        return switch (job.spec().payload()) {
            case JobPayload.Backup backup -> whole(job, backup.repository());
            case JobPayload.BackupShard shard -> part(job, shard.repository(), shard.root());
            case JobPayload.RestoreShard shard -> part(job, shard.repository(), shard.root());
            case JobPayload.Restore restore -> whole(job, restore.repository());
            case JobPayload.Check check -> whole(job, check.repository());
            case JobPayload.Forget forget -> whole(job, forget.repository());
            case JobPayload.Prune prune -> whole(job, prune.repository());
            case JobPayload.Mirror mirror -> whole(job, mirror.repository());
            case JobPayload.Drill drill -> whole(job, drill.repository());
            case JobPayload.Registration _ -> Optional.empty();
        };
    }

    private static Optional<LogPlace> part(Job job, String repository, String root) {
        return Optional.of(new LogPlace(repository, root, Optional.of(job.id().toString())));
    }

    private static Optional<LogPlace> whole(Job job, String repository) {
        return Optional.of(new LogPlace(repository, job.id().toString(), Optional.empty()));
    }
}
