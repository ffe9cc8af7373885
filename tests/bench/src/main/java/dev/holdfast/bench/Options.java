package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * How the race is run.
 *
 * @param command {@code bare}, {@code job}, {@code price}, {@code http}, {@code waiters} or {@code report}
 * @param messages that are measured, per contestant and round; jobs, if the command is about jobs
 * @param warmUp rounds before those that count, in the same processes
 * @param only the names of the contestants that take part; empty = all
 * @param more whether earlier results are kept
 * @param jvm options for the contestants' JVMs, for profiling; {@code %n} becomes the contestant's name
 */
record Options(
        String command, int messages, int warmUp, int rounds, List<String> only, boolean more, List<String> jvm) {

    static final String USAGE = """
            usage: tests/bench/run bare|job|price|http|waiters|report [options]
              --messages N   messages per drain (bare 50000, job and price 10000)
              --warm-up N    rounds before those that count, in the same processes (8)
              --rounds N     interleaved rounds (5)
              --only A,B     only these contestants
              --more         keep their earlier results, and add to them
              --jvm OPTION   for the contestants' JVMs (repeatable); %n is the contestant's name""";

    static Options parse(String[] arguments) {
        if (arguments.length == 0) throw new IllegalArgumentException("what shall be run?");
        var bare = arguments[0].equals("bare");
        int messages = bare ? 50_000 : 10_000;
        int warmUp = 8;
        int rounds = 5;
        List<String> only = List.of();
        var more = false;
        var jvm = new ArrayList<String>();
        for (var i = 1; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--messages" -> messages = Integer.parseInt(arguments[++i]);
                case "--warm-up" -> warmUp = Integer.parseInt(arguments[++i]);
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--only" -> only = List.of(arguments[++i].split(",", -1));
                case "--more" -> more = true;
                case "--jvm" -> jvm.add(arguments[++i]);
                default -> throw new IllegalArgumentException("there is no option " + arguments[i]);
            }
        }
        return new Options(arguments[0], messages, warmUp, rounds, only, more, jvm);
    }
}
