package dev.holdfast.testing;

import dev.holdfast.job.JobState;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the trials of a handler came to; prints as one line for each.
 *
 * @param calls the AWS calls of the handler when nothing disturbs it, in their order
 * @param state in which the job ends then
 * @param effects that it leaves then
 */
public record FaultReport(List<String> calls, JobState state, List<String> effects, List<Trial> trials) {

    public FaultReport {
        calls = List.copyOf(calls);
        effects = List.copyOf(effects);
        trials = List.copyOf(trials);
    }

    /** The trials that went wrong, one line each; empty: the effects stayed single. */
    public List<String> violations() {
        return trials.stream()
                .filter(trial -> !trial.violations().isEmpty())
                .map(Trial::toString)
                .toList();
    }

    /** Throws an {@link AssertionError} with the whole report unless the effects stayed single in all trials. */
    public void assertSingle() {
        if (!violations().isEmpty()) throw new AssertionError("effects did not stay single\n" + this);
    }

    @Override
    public String toString() {
        var undisturbed =
                "undisturbed: %d steps %s, %s, %d effects".formatted(calls.size(), calls, state, effects.size());
        return trials.stream().map(Trial::toString).collect(Collectors.joining("\n", undisturbed + "\n", ""));
    }
}
