package dev.holdfast.tests.faults;

import dev.holdfast.tests.faults.Fault.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which calls suffer which faults. Read aloud: {@code Rule.on("UpdateItem").containing("SUCCEEDED").next(1).fails(…)}.
 *
 * @param action the name of the action; empty = every action
 * @param text what the body or the target of the request must contain; empty = anything
 * @param times which of the calls that match
 * @param faults what happens to each of them, in this order
 */
record Rule(String action, String text, Times times, List<Fault> faults) {

    /** Which of the calls that match are struck. */
    sealed interface Times {
        /** All of them. */
        record Always() implements Times {}

        /** So many, then no more. */
        record Next(int number) implements Times {}

        /** Every n-th of them, beginning with the n-th. */
        record Every(int n) implements Times {}

        /** Each with this probability, from 0 to 1; the seed decides which. */
        record Chance(double probability, long seed) implements Times {}

        /** All of them for so long after the rule was armed. */
        record During(Duration time) implements Times {}
    }

    Rule {
        faults = List.copyOf(faults);
    }

    /** On every call of an action. */
    static Rule on(String action) {
        return new Rule(action, "", new Times.Always(), List.of());
    }

    /** On every call. */
    static Rule onAny() {
        return on("");
    }

    /** Only on requests whose body or target contains the text. */
    Rule containing(String wanted) {
        return new Rule(action, wanted, times, faults);
    }

    /** Only on the next so many. */
    Rule next(int number) {
        return new Rule(action, text, new Times.Next(number), faults);
    }

    Rule every(int n) {
        return new Rule(action, text, new Times.Every(n), faults);
    }

    Rule withChance(double probability, long seed) {
        return new Rule(action, text, new Times.Chance(probability, seed), faults);
    }

    Rule during(Duration time) {
        return new Rule(action, text, new Times.During(time), faults);
    }

    /** And this happens, after what was named before. */
    Rule then(Fault fault) {
        var more = new ArrayList<>(faults);
        more.add(fault);
        return new Rule(action, text, times, more);
    }

    /** The request is lost on its way. */
    Rule cutBefore() {
        return then(new Fault.Cut(Moment.BEFORE_FORWARDING));
    }

    /** The answer is lost on its way. */
    Rule cutAfter() {
        return then(new Fault.Cut(Moment.AFTER_FORWARDING));
    }

    /** Something is done, and the request never arrives. */
    Rule insteadDo(Consumer<String> hook) {
        return then(new Fault.Call(Moment.BEFORE_FORWARDING, hook)).cutBefore();
    }

    /** Something is done once the request was carried out, and the answer never arrives. */
    Rule afterwardsDo(Consumer<String> hook) {
        return then(new Fault.Call(Moment.AFTER_FORWARDING, hook)).cutAfter();
    }

    boolean matches(AwsCall call) {
        return (action.isEmpty() || action.equals(call.action()))
                && (call.request().target().contains(text)
                        || call.request().text().contains(text));
    }
}
