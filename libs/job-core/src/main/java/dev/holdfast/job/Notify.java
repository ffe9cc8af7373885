package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who is told how a job ended.
 *
 * @param email addresses, at most 10
 * @param sms phone numbers that get a text message, at most 10
 * @param on the ends that are told
 * @param webhooks the ends that webhooks of the tenant want to hear of; which of them, is looked up when it ends
 */
public record Notify(
        List<String> email,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> sms,
        Set<JobState> on,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Set<JobState> webhooks) {

    /** Phone numbers as ITU-T E.164 writes them: a plus sign, the country's code, at most 15 digits in all. */
    public static final String PHONE = "^\\+[1-9][0-9]{6,14}$";

    private static final Pattern IS_PHONE = Pattern.compile(PHONE);

    /** Nobody. */
    public static final Notify NOBODY = new Notify(List.of(), Set.of());

    /** Whoever the tenant names for such jobs, told of these ends. */
    public static Notify byDefault(Set<JobState> on) {
        return new Notify(List.of(), on);
    }

    /** Whether a recipient is a phone number; else it is an address. */
    public static boolean isPhone(String recipient) {
        return IS_PHONE.matcher(recipient).matches();
    }

    public Notify {
        email = List.copyOf(email);
        sms = sms == null ? List.of() : List.copyOf(sms);
        on = Set.copyOf(on);
        webhooks = webhooks == null ? Set.of() : Set.copyOf(webhooks);
    }

    /** No text message, and heard by no webhook. */
    public Notify(List<String> email, Set<JobState> on) {
        this(email, List.of(), on, Set.of());
    }

    /** Whether nobody is named here: neither an address nor a number. */
    public boolean namesNobody() {
        return email.isEmpty() && sms.isEmpty();
    }

    /** The same, with the tenant's addresses and numbers in the place of those that the job leaves open. */
    public Notify orDefault(Notify defaults) {
        if (!namesNobody() || on.isEmpty()) return this;
        if (defaults.namesNobody()) return NOBODY;
        var ends = EnumSet.copyOf(on);
        ends.retainAll(defaults.on());
        return ends.isEmpty() ? NOBODY : new Notify(defaults.email(), defaults.sms(), ends, Set.of());
    }

    /** The same, heard by webhooks when the job ends in one of these states. */
    Notify heard(Set<JobState> ends) {
        return new Notify(email, sms, on, ends);
    }

    /** The addresses, then the numbers, to tell when a job ends in this state. */
    public List<String> recipients(JobState state) {
        return on.contains(state) ? Stream.of(email, sms).flatMap(List::stream).toList() : List.of();
    }
}
