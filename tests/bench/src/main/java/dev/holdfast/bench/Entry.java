package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A contestant's entry in a race.
 *
 * @param title what it is, for the table
 * @param share it gets one message of so many: for those that would take minutes
 * @param command starts its process
 */
record Entry(Race race, String name, String title, int share, List<String> command) {

    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xmx384m", "-XX:-UsePerfData");

    /** All entries. {@code home} is the folder of this module. */
    static List<Entry> all(Path home, List<String> jvmOptions) {
        var lib = home.resolve("target/classes") + ":" + home.resolve("target/lib") + "/*";
        var spring = home.resolve("spring/target/classes") + ":" + home.resolve("spring/target/lib") + "/*";
        var node = List.of("node", home.resolve("sqs-consumer/contestant.mjs").toString());
        return List.of(
                java(Race.BARE, "raw", "raw SDK loop, 8 threads", 1, jvmOptions, lib, "contestant.RawLoop", "8"),
                java(Race.BARE, "raw-2", "raw SDK loop, 2 threads", 1, jvmOptions, lib, "contestant.RawLoop", "2"),
                java(
                        Race.BARE,
                        "holdfast",
                        "Holdfast QueueConsumer, its defaults",
                        1,
                        jvmOptions,
                        lib,
                        "contestant.HoldfastConsumer",
                        "32"),
                java(
                        Race.BARE,
                        "holdfast-80",
                        "Holdfast QueueConsumer, 80 slots",
                        1,
                        jvmOptions,
                        lib,
                        "contestant.HoldfastConsumer",
                        "80"),
                new Entry(
                        Race.BARE,
                        "sqs-consumer",
                        "sqs-consumer 14.2.8, 8 consumers, batch handler",
                        1,
                        with(node, "8", "10", "batch")),
                new Entry(
                        Race.BARE,
                        "sqs-consumer-default",
                        "sqs-consumer 14.2.8, its defaults",
                        10,
                        with(node, "1", "1", "single")),
                java(
                        Race.BARE,
                        "spring",
                        "Spring Cloud AWS @SqsListener, tuned",
                        1,
                        jvmOptions,
                        spring,
                        "spring.SpringContestant",
                        "tuned"),
                java(
                        Race.BARE,
                        "spring-default",
                        "Spring Cloud AWS @SqsListener, its defaults",
                        2,
                        jvmOptions,
                        spring,
                        "spring.SpringContestant",
                        "default"),
                java(
                        Race.JOB,
                        "raw-writes",
                        "both writes by a raw SDK loop, 32 threads",
                        1,
                        jvmOptions,
                        lib,
                        "contestant.RawWrites",
                        "32"),
                java(
                        Race.JOB,
                        "holdfast-jobs",
                        "Holdfast JobRunner, its defaults",
                        1,
                        jvmOptions,
                        lib,
                        "contestant.HoldfastJobs",
                        "32"));
    }

    private static Entry java(
            Race race,
            String name,
            String title,
            int share,
            List<String> options,
            String classPath,
            String main,
            String argument) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        for (var option : options) command.add(option.replace("%n", name));
        command.addAll(List.of("-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-cp", classPath));
        command.addAll(List.of("dev.holdfast.bench." + main, argument));
        return new Entry(race, name, title, share, command);
    }

    private static List<String> with(List<String> command, String... arguments) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return all;
    }
}
