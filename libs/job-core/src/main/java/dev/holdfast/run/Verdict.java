package dev.holdfast.run;

import dev.holdfast.aws.AwsFailure;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What a surprise in a run means: for this run, for the attempt, for the job. */
sealed interface Verdict {

    /**
     * The job is another's, or was cancelled; the table knows.
     *
     * @param otherwise if it is neither: the table could not be reached until the lease was over, say
     */
    record NotMine(Verdict otherwise) implements Verdict {}

    /** The service stops: the job goes back at once, the attempt not counted. */
    record GivenBack() implements Verdict {}

    /** Too many calls somewhere: the job goes back for a while, the attempt not counted. */
    record Throttled(Duration delay) implements Verdict {}

    /** The attempt has failed, and more are left. */
    record Again(JobError error, Duration delay) implements Verdict {}

    /** The job has failed. */
    record GivenUp(JobError error) implements Verdict {}

    /** Throttled jobs come back after 1 to 10 s. */
    Duration SHORTEST_THROTTLE = Duration.ofSeconds(1);

    Duration LONGEST_THROTTLE = Duration.ofSeconds(10);

    /**
     * Judges an exception that has ended a run.
     *
     * @param interrupted whether the handler's thread was interrupted
     */
    static Verdict of(Run run, Exception surprise, boolean interrupted, RandomGenerator random) {
        var job = run.job();
        if (run.stopped().isPresent()) return stopped(run.stopped().get(), job, random);
        if (surprise instanceof Run.LostException) return lost(job, random);
        if (interrupted || surprise instanceof InterruptedException) return new GivenBack();
        var message = Optional.ofNullable(surprise.getMessage())
                .orElse(surprise.getClass().getSimpleName());
        return AwsFailure.of(surprise)
                .map(failure -> switch (failure) {
                    case THROTTLE -> new Throttled(throttle(random));
                    case TRANSIENT -> again(job, "attempt-failed", message, random);
                    case PERMANENT -> givenUp(job, "aws-refused", message, true);
                    case POISON -> givenUp(job, "aws-invalid", message, false);
                })
                .orElseGet(() -> again(job, "attempt-failed", message, random));
    }

    private static Verdict stopped(Run.Stop reason, Job job, RandomGenerator random) {
        return switch (reason) {
            case LOST, CANCELLED -> lost(job, random);
            case DEADLINE ->
                givenUp(
                        job,
                        "deadline-exceeded",
                        "It had not ended by its deadline "
                                + job.spec().deadline().orElseThrow() + ".",
                        false);
            case TIME_LIMIT ->
                again(
                        job,
                        "timed-out",
                        "It took longer than %s, the limit of its type."
                                .formatted(job.spec().type().timeLimit()),
                        random);
        };
    }

    private static Verdict lost(Job job, RandomGenerator random) {
        return new NotMine(again(job, "lease-lost", "Its lease was over before it could be renewed.", random));
    }

    private static Verdict again(Job job, String code, String message, RandomGenerator random) {
        if (job.attempt() >= job.spec().maxAttempts()) return givenUp(job, "attempts-exhausted", message, true);
        var delay = job.spec().type().retryPolicy().delay(job.lastBackoff(), random);
        return new Again(new JobError(code, message, true, job.attempt()), delay);
    }

    private static Verdict givenUp(Job job, String code, String message, boolean retryable) {
        return new GivenUp(new JobError(code, message, retryable, job.attempt()));
    }

    private static Duration throttle(RandomGenerator random) {
        return Duration.ofMillis(random.nextLong(SHORTEST_THROTTLE.toMillis(), LONGEST_THROTTLE.toMillis()));
    }
}
