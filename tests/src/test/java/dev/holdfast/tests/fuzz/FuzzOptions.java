package dev.holdfast.tests.fuzz;

/**
 * How a fuzz run goes.
 *
 * @param requests how many are sent
 * @param seed decides all of them but the ids in them, which are learned from answers
 */
record FuzzOptions(int requests, long seed) {

    static final String USAGE = "tests/fuzz [--requests 50000] [--seed 42]";

    /** Throws {@link IllegalArgumentException} on what it does not know. */
    static FuzzOptions parse(String[] arguments) {
        var options = new FuzzOptions(50_000, 42);
        for (var i = 0; i + 1 < arguments.length; i += 2) {
            var value = Long.parseLong(arguments[i + 1]);
            options = switch (arguments[i]) {
                case "--requests" -> new FuzzOptions(Math.toIntExact(value), options.seed());
                case "--seed" -> new FuzzOptions(options.requests(), value);
                default -> throw new IllegalArgumentException(USAGE);
            };
        }
        if (arguments.length % 2 != 0) throw new IllegalArgumentException(USAGE);
        return options;
    }
}
