package dev.holdfast.tests.faults;

import java.util.Random;

/** A rule at work in a proxy: it counts, and can be lifted. Thread-safe. */
final class ArmedRule {

    private final Rule rule;
    private final Random random;
    private final long armedAt = System.nanoTime();
    private int seen;
    private int struck;
    private boolean lifted;

    ArmedRule(Rule rule) {
        this.rule = rule;
        this.random = new Random(rule.times() instanceof Rule.Times.Chance(var _, var seed) ? seed : 0);
    }

    Rule rule() {
        return rule;
    }

    /** Whether this call suffers; counts it if it matches. */
    synchronized boolean strikes(AwsCall call) {
        if (lifted || !rule.matches(call)) return false;
        seen++;
        var now = switch (rule.times()) {
            case Rule.Times.Always() -> true;
            case Rule.Times.Next(var number) -> struck < number;
            case Rule.Times.Every(var n) -> seen % n == 0;
            case Rule.Times.Chance(var probability, var _) -> random.nextDouble() < probability;
            case Rule.Times.During(var time) -> System.nanoTime() - armedAt < time.toNanos();
        };
        if (now) struck++;
        return now;
    }

    /** How many calls have suffered. */
    synchronized int struck() {
        return struck;
    }

    /** From now on nothing happens any more. */
    synchronized void lift() {
        lifted = true;
    }
}
