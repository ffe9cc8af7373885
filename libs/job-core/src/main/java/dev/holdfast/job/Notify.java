package dev.holdfast.job;

import java.util.List;
import java.util.Set;

/**
 * Who is told how a job ended.
 *
 * @param email addresses, at most 10
 * @param on the ends that are told
 */
public record Notify(List<String> email, Set<JobState> on) {

    /** Nobody. */
    public static final Notify NOBODY = new Notify(List.of(), Set.of());

    public Notify {
        email = List.copyOf(email);
        on = Set.copyOf(on);
    }

    /** The addresses to tell when a job ends in this state. */
    public List<String> recipients(JobState state) {
        return on.contains(state) ? email : List.of();
    }
}
