package dev.holdfast.job;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A pattern of whole paths, as {@link java.nio.file.FileSystem#getPathMatcher} knows it on Unix: {@code *} is anything
 * within a name, {@code **} anything but line ends, {@code ?} one character, {@code [a-z]} and {@code [!a-z]} one of a
 * name that is, or is not, among these, <code>{a,b}</code> either, and a backslash takes the next character as it is.
 *
 * <p>Matching looks at each step of the pattern at most once for each character of the path, whatever the two are.
 * Immutable.
 */
public final class Glob {

    private static final int SLASH = '/';

    /** The steps of a pattern follow one another; all lead forward. */
    private sealed interface Step {
        /** Takes one character. */
        record One(IntPredicate which) implements Step {}

        /** Takes any number of characters, or none. */
        record Any(IntPredicate which) implements Step {}

        /** Takes none, and goes on at each of these steps. */
        record Fork(List<Integer> to) implements Step {}
    }

    private record Range(int from, int to) {}

    /** A character of a name that is in one of the ranges, or in none. */
    private record OneOf(boolean not, List<Range> ranges) implements IntPredicate {
        @Override
        public boolean test(int character) {
            if (character == SLASH) return false;
            for (var range : ranges) if (range.from() <= character && character <= range.to()) return !not;
            return not;
        }
    }

    private final List<Step> steps;

    private Glob(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** The pattern; an {@link IllegalArgumentException} says what it must be, if it is none. */
    public static Glob of(String pattern) {
        return new Glob(new Reader(pattern.codePoints().toArray()).read());
    }

    /** What a text must be to be a pattern; empty if it is one. */
    public static Optional<String> objection(String pattern) {
        try {
            of(pattern);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whether all of a path is as the pattern says. */
    public boolean matches(String path) {
        var at = new BitSet();
        at.set(0);
        followForks(at);
        for (var i = 0; i < path.length() && !at.isEmpty(); ) {
            var character = path.codePointAt(i);
            at = after(at, character);
            i += Character.charCount(character);
        }
        return at.get(steps.size());
    }

    private BitSet after(BitSet at, int character) {
        var next = new BitSet();
        for (var i = at.nextSetBit(0); i >= 0 && i < steps.size(); i = at.nextSetBit(i + 1)) {
            switch (steps.get(i)) {
                case Step.One(var which) when which.test(character) -> next.set(i + 1);
                case Step.Any(var which) when which.test(character) -> next.set(i);
                case Step.One _, Step.Any _, Step.Fork _ -> {}
            }
        }
        followForks(next);
        return next;
    }

    /** Adds the steps that are reached without a character: once through is enough, for all lead forward. */
    private void followForks(BitSet at) {
        for (var i = at.nextSetBit(0); i >= 0 && i < steps.size(); i = at.nextSetBit(i + 1)) {
            switch (steps.get(i)) {
                case Step.One _ -> {}
                case Step.Any _ -> at.set(i + 1);
                case Step.Fork(var to) -> to.forEach(at::set);
            }
        }
    }

    private static boolean isInName(int character) {
        return character != SLASH;
    }

    private static boolean isInLine(int character) {
        return "\n\r\u0085\u2028\u2029".indexOf(character) < 0;
    }

    /** Reads a pattern, once. */
    private static final class Reader {
        private final int[] pattern;
        private final List<Step> steps = new ArrayList<>();
        private int at;

        private Reader(int[] pattern) {
            this.pattern = pattern;
        }

        private List<Step> read() {
            while (at < pattern.length) step(pattern[at++]);
            return steps;
        }

        private void step(int character) {
            switch (character) {
                case '*' -> steps.add(new Step.Any(take('*') ? Glob::isInLine : Glob::isInName));
                case '?' -> steps.add(new Step.One(Glob::isInName));
                case '[' -> steps.add(new Step.One(oneOf()));
                case '{' -> group();
                case '\\' -> {
                    check(at < pattern.length, "must not end with a backslash: it takes the next character as it is");
                    one(pattern[at++]);
                }
                default -> one(character);
            }
        }

        private void one(int wanted) {
            steps.add(new Step.One(character -> character == wanted));
        }

        /** A fork to where each alternative begins, and one behind each to the end of all. */
        private void group() {
            var fork = steps.size();
            var ends = new ArrayList<Integer>();
            var begins = new ArrayList<Integer>();
            steps.add(new Step.Fork(List.of()));
            begins.add(steps.size());
            while (!take('}')) {
                check(at < pattern.length, "must have a } for each {");
                check(pattern[at] != '{', "must not have a { between { and }");
                if (take(',')) {
                    ends.add(steps.size());
                    steps.add(new Step.Fork(List.of()));
                    begins.add(steps.size());
                } else {
                    step(pattern[at++]);
                }
            }
            steps.set(fork, new Step.Fork(List.copyOf(begins)));
            for (var end : ends) steps.set(end, new Step.Fork(List.of(steps.size())));
        }

        private OneOf oneOf() {
            var not = take('!');
            var ranges = new ArrayList<Range>();
            if (take('-')) ranges.add(new Range('-', '-'));
            while (!take(']')) {
                check(at < pattern.length, "must have a ] for each [");
                ranges.add(range());
            }
            check(!ranges.isEmpty(), "must name a character between [ and ]");
            return new OneOf(not, ranges);
        }

        private Range range() {
            var from = pattern[at++];
            check(from != SLASH, "must not have a / between [ and ]");
            check(
                    from != '-' || at == pattern.length || pattern[at] == ']',
                    "must not have a range between [ and ] that begins nowhere");
            if (at + 1 >= pattern.length || pattern[at] != '-' || pattern[at + 1] == ']') return new Range(from, from);
            var to = pattern[at + 1];
            at += 2;
            check(from <= to, "must not have a range between [ and ] that ends before it begins");
            return new Range(from, to);
        }

        private boolean take(int wanted) {
            var there = at < pattern.length && pattern[at] == wanted;
            if (there) at++;
            return there;
        }

        private static void check(boolean good, String otherwise) {
            if (!good) throw new IllegalArgumentException(otherwise);
        }
    }
}
