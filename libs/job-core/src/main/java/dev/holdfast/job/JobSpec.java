package dev.holdfast.job;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was asked for: the part of a job that never changes.
 *
 * @param notBefore the job starts no earlier
 * @param deadline no run begins after it, and one that is under way is stopped
 * @param maxAttempts how often the job may be tried, 1 to 100
 * @param labels the caller's own marks, for finding jobs again
 */
public record JobSpec(
        JobPayload payload,
        Notify notification,
        Optional<Instant> notBefore,
        Optional<Instant> deadline,
        int maxAttempts,
        Map<String, String> labels) {

    public JobSpec {
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("maxAttempts must be 1 to 100, was " + maxAttempts);
        }
        labels = Map.copyOf(labels);
    }

    public JobType type() {
        return payload.type();
    }

    /**
     * The same with who is told, where it leaves that to the tenant.
     *
     * @param webhooks the ends that webhooks of the tenant want to hear of
     */
    public JobSpec told(Notify defaults, Set<JobState> webhooks) {
        var told = notification.orDefault(defaults).heard(webhooks);
        return told.equals(notification) ? this : new JobSpec(payload, told, notBefore, deadline, maxAttempts, labels);
    }

    /** What a child of such a job is asked: other work, under the same deadline, attempts and labels. */
    JobSpec child(JobPayload work) {
        return new JobSpec(work, Notify.NOBODY, Optional.empty(), deadline, maxAttempts, labels);
    }
}
