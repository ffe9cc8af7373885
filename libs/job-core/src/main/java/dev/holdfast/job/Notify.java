package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Who is told how a job ended.
 *
 * @param email addresses, at most 10
 * @param on the ends that are told
 * @param webhooks the ends that webhooks of the tenant want to hear of; which of them, is looked up when it ends
 */
public record Notify(
        List<String> email,
        Set<JobState> on,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Set<JobState> webhooks) {

    /** Nobody. */
    public static final Notify NOBODY = new Notify(List.of(), Set.of());

    /** Whoever the tenant names for such jobs, told of these ends. */
    public static Notify byDefault(Set<JobState> on) {
        return new Notify(List.of(), on);
    }

    public Notify {
        email = List.copyOf(email);
        on = Set.copyOf(on);
        webhooks = webhooks == null ? Set.of() : Set.copyOf(webhooks);
    }

    /** Heard by no webhook. */
    public Notify(List<String> email, Set<JobState> on) {
        this(email, on, Set.of());
    }

    /** The same, with the tenant's addresses in the place of those that the job leaves open. */
    public Notify orDefault(Notify defaults) {
        if (!email.isEmpty() || on.isEmpty()) return this;
        if (defaults.email().isEmpty()) return NOBODY;
        var ends = EnumSet.copyOf(on);
        ends.retainAll(defaults.on());
        return ends.isEmpty() ? NOBODY : new Notify(defaults.email(), ends);
    }

    /** The same, heard by webhooks when the job ends in one of these states. */
    Notify heard(Set<JobState> ends) {
        return new Notify(email, on, ends);
    }

    /** The addresses to tell when a job ends in this state. */
    public List<String> recipients(JobState state) {
        return on.contains(state) ? email : List.of();
    }
}
