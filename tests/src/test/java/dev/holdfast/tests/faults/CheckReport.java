package dev.holdfast.tests.faults;

import java.util.List;
import java.util.stream.Collectors;

/** What a checker found: a verdict on each invariant, and the figures behind it. */
record CheckReport(List<Verdict> verdicts) {

    private static final int SHOWN = 20;

    CheckReport {
        verdicts = List.copyOf(verdicts);
    }

    /**
     * Whether an invariant held.
     *
     * @param figures what was seen, in one line
     * @param violations what broke it; none = it held
     */
    record Verdict(String invariant, String figures, List<String> violations) {
        Verdict {
            violations = List.copyOf(violations);
        }

        boolean held() {
            return violations.isEmpty();
        }

        @Override
        public String toString() {
            var line = "%-22s %-6s %s".formatted(invariant, held() ? "held" : "BROKEN", figures);
            return violations.stream()
                            .limit(SHOWN)
                            .map(what -> "\n    " + what)
                            .collect(Collectors.joining("", line, ""))
                    + (violations.size() > SHOWN ? "\n    … and " + (violations.size() - SHOWN) + " more" : "");
        }
    }

    boolean held() {
        return verdicts.stream().allMatch(Verdict::held);
    }

    /** Prints the report under the name of the fault, and throws if an invariant was broken. */
    void assertHeld(String fault) {
        System.out.println("--- " + fault + "\n" + this);
        if (!held()) throw new AssertionError(fault + ": invariants are broken:\n" + this);
    }

    @Override
    public String toString() {
        return verdicts.stream().map(Verdict::toString).collect(Collectors.joining("\n"));
    }
}
