package dev.holdfast.local.launcher;

import dev.holdfast.local.Checkout;
import dev.holdfast.local.Child;
import dev.holdfast.local.Stack;
import dev.holdfast.local.StackOptions;
import dev.holdfast.local.StandInOptions;
import dev.holdfast.local.StandIns;
import dev.holdfast.local.StartFailure;
import dev.holdfast.local.demo.Demo;
import dev.holdfast.local.demo.StepFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Starts everything in a temporary folder and on free ports, plays the demo, and ends everything. */
final class DemoRun {
    private final Command.Demo command;
    private final Checkout checkout;
    private final Teardown teardown = new Teardown();

    DemoRun(Command.Demo command, Checkout checkout) {
        this.command = command;
        this.checkout = checkout;
    }

    /** Returns 0 if every step held. The end of the JVM then stops everything. */
    int run() {
        long start = System.nanoTime();
        Path folder = temporaryFolder();
        teardown.install();
        teardown.last(() -> delete(folder));
        try {
            Path logs = folder.resolve("logs");
            System.out.println("starting SQS, S3, SES and DynamoDB …");
            StandIns standIns = StandIns.start(
                    StandInOptions.on(folder.resolve("data"), checkout, logs).withFullJit());
            teardown.first(standIns::close);
            System.out.println("starting the services …");
            Stack stack = Stack.start(
                    StackOptions.of(checkout, standIns.endpoints(), logs).in(command.packaging()));
            teardown.first(stack::close);
            long ready = System.nanoTime();
            System.out.printf("all is up after %.1f s: %s%n", (ready - start) / 1e9, stack.url());
            boolean held = Demo.run(stack, checkout, System.out);
            report(standIns, stack, held, ready);
            if (held) {
                return 0;
            }
        } catch (StartFailure | StepFailed failure) {
            System.out.println("FAILED: " + failure.getMessage());
        }
        teardown.failed();
        return 1;
    }

    private static void report(StandIns standIns, Stack stack, boolean held, long ready) {
        List<Child> all = Stream.concat(stack.services().stream(), standIns.children().stream())
                .toList();
        if (!held) {
            all.forEach(child -> {
                System.out.println("\nthe end of the log of " + child.name() + ":");
                child.logTail(12).forEach(line -> System.out.println("  " + line));
            });
        }
        System.out.println("\nMemory");
        all.forEach(child -> System.out.printf("   %-12s %8s%n", child.name(), Memory.shown(child.pid())));
        System.out.printf(
                "%n%s in %.1f s%n",
                held ? "Every step held," : "NOT every step held,", (System.nanoTime() - ready) / 1e9);
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("holdfast-demo-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("cannot delete " + folder + ": " + e);
        }
    }
}
