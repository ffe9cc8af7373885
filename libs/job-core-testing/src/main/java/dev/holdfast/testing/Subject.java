package dev.holdfast.testing;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.run.JobHandler;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A handler under test.
 *
 * @param handler makes the handler, which must do all its AWS calls through the clients of the workplace: only these
 *     can be counted and struck by faults. Called for each run, since each is another process
 * @param payload makes a payload that asks for the same amount of work each time, but meets no traces of earlier ones:
 *     another e-mail address, other content
 * @param effects lists what the job has left in tables and buckets, one text for each effect. It is to find all that
 *     belongs to the job, also what should not be there, and in a stable order
 * @param single whether the effects of a disturbed job (second) are those of an undisturbed one (first)
 */
public record Subject(
        Function<Workplace, JobHandler> handler,
        Supplier<JobPayload> payload,
        Function<Job, List<String>> effects,
        BiPredicate<List<String>, List<String>> single) {

    /** A handler whose effects are single if there are as many of them as undisturbed. */
    public Subject(
            Function<Workplace, JobHandler> handler,
            Supplier<JobPayload> payload,
            Function<Job, List<String>> effects) {
        this(handler, payload, effects, (undisturbed, disturbed) -> undisturbed.size() == disturbed.size());
    }
}
