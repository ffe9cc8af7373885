package dev.holdfast.worker.backup;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import java.util.List;
import java.util.Optional;

/**
 * How often the parts of a job are shared out: anew if they were given up because their workers died again and again.
 */
final class Rounds {

    private static final int MOST = 3;

    private Rounds() {}

    /**
     * How a job ends of which something is missing though its parts have ended: as a part that failed for a reason that
     * stays, or after the last round. Empty: what is missing is to be shared out once more.
     *
     * @param round the one that has ended, from 1
     * @param missing told where no part says why
     */
    static Optional<Outcome> giveUp(List<Job> parts, int round, String missing) {
        var failures = parts.stream()
                .filter(part -> part.state() == JobState.FAILED)
                .flatMap(part -> part.error().stream())
                .toList();
        var stays = failures.stream().filter(Rounds::stays).findFirst();
        if (stays.isEmpty() && round < MOST) return Optional.empty();
        return Optional.of(stays.or(() -> failures.stream().findFirst())
                .map(error -> new Rejected(error.code(), error.message()))
                .orElseGet(() -> new Rejected("parts-missing", missing)));
    }

    private static boolean stays(JobError error) {
        return !error.code().equals("quarantined");
    }
}
