package dev.holdfast.testing;

import dev.holdfast.job.JobState;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of one scenario.
 *
 * @param runs how often the handler was called
 * @param state in which the job ended
 * @param attempts how many of its attempts the job has spent
 * @param violations what was wrong, in words; empty: the effects stayed single
 */
public record Trial(Scenario scenario, int runs, JobState state, int attempts, List<String> violations) {

    public Trial {
        violations = List.copyOf(violations);
    }

    Trial with(String violation) {
        var all = new ArrayList<>(violations);
        all.add(violation);
        return new Trial(scenario, runs, state, attempts, all);
    }

    @Override
    public String toString() {
        return "%s: %d %s, %s at attempt %d, %s"
                .formatted(
                        scenario,
                        runs,
                        runs == 1 ? "run" : "runs",
                        state,
                        attempts,
                        violations.isEmpty() ? "effects single" : "VIOLATION: " + String.join("; ", violations));
    }
}
