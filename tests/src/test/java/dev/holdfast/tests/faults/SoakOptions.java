package dev.holdfast.tests.faults;

import java.time.Duration;
import java.util.List;

/**
 * How a soak runs.
 *
 * @param length how long there is load, and trouble
 * @param seed decides who is hurt, when and how; the same seed, the same plan
 * @param workers real workers
 * @param probes workers whose effects are logged
 * @param jobsPerSecond how many jobs are asked for
 * @param rollingRestart no trouble but this: the workers are restarted one by one, one every 20 s
 */
record SoakOptions(Duration length, long seed, int workers, int probes, int jobsPerSecond, boolean rollingRestart) {

    static final String USAGE = """
            tests/soak [--minutes 20] [--seed 42] [--workers 2] [--probes 2] [--rate 20]
            tests/soak --rolling-restart [--minutes 5] [--workers 3] [--rate 20]""";

    /** Throws {@link IllegalArgumentException} on what it does not know. */
    static SoakOptions parse(String[] arguments) {
        var rolling = List.of(arguments).contains("--rolling-restart");
        var options = new SoakOptions(
                Duration.ofMinutes(rolling ? 5 : 20), 42, rolling ? 3 : 2, rolling ? 0 : 2, 20, rolling);
        for (var i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--rolling-restart")) continue;
            if (i + 1 == arguments.length) throw new IllegalArgumentException(USAGE);
            options = options.with(arguments[i], Long.parseLong(arguments[++i]));
        }
        return options;
    }

    private SoakOptions with(String option, long value) {
        return switch (option) {
            case "--minutes" ->
                new SoakOptions(Duration.ofMinutes(value), seed, workers, probes, jobsPerSecond, rollingRestart);
            case "--seed" -> new SoakOptions(length, value, workers, probes, jobsPerSecond, rollingRestart);
            case "--workers" -> new SoakOptions(length, seed, (int) value, probes, jobsPerSecond, rollingRestart);
            case "--probes" -> new SoakOptions(length, seed, workers, (int) value, jobsPerSecond, rollingRestart);
            case "--rate" -> new SoakOptions(length, seed, workers, probes, (int) value, rollingRestart);
            default -> throw new IllegalArgumentException(USAGE);
        };
    }
}
