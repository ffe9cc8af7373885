package dev.holdfast.local.start;

import dev.holdfast.local.AotCache;
import dev.holdfast.local.Checkout;
import dev.holdfast.local.Child;
import dev.holdfast.local.Packaging;
import dev.holdfast.local.ProcessSignal;
import dev.holdfast.local.Stack;
import dev.holdfast.local.StackOptions;
import dev.holdfast.local.StandInOptions;
import dev.holdfast.local.StandIns;
import dev.holdfast.local.StartFailure;
import dev.holdfast.local.demo.Demo;
import dev.holdfast.local.demo.Load;
import dev.holdfast.local.demo.StepFailed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Trains the services: they do all that the demo shows and a hundred registrations, and each leaves its
 * {@link AotCache} as it ends.
 */
public final class Training {
    /** A JVM that leaves a cache starts another one to write it. */
    private static final Duration END = Duration.ofMinutes(2);

    private Training() {}

    /** Exits with 0 when every service has its cache. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(Checkout.find()));
    }

    private static int run(Checkout checkout) throws IOException {
        long start = System.nanoTime();
        Path logs = Files.createDirectories(checkout.root().resolve("target/training"));
        begin(checkout);
        try (StandIns standIns =
                        StandIns.start(StandInOptions.inMemory(checkout, logs).withFullJit());
                Stack stack = Stack.start(StackOptions.of(checkout, standIns.endpoints(), logs)
                        .withWorkers(1)
                        .withFullJit()
                        .in(Packaging.TRAINING))) {
            work(stack, checkout);
            end(stack, checkout);
        } catch (StartFailure | StepFailed failure) {
            System.err.println("the training failed: " + failure.getMessage());
            return 1;
        }
        for (String service : StackOptions.SERVICES) {
            Path cache = checkout.aotCache(service).file();
            System.out.printf("%-7s %3d MB  %s%n", service, Files.size(cache) / 1_000_000, cache);
        }
        System.out.printf("trained in %.1f s%n", (System.nanoTime() - start) / 1e9);
        return 0;
    }

    /** Before services are started in {@link Packaging#TRAINING}. */
    public static void begin(Checkout checkout) {
        StackOptions.SERVICES.forEach(service -> checkout.aotCache(service).prepare());
    }

    /**
     * Ends the services and keeps the caches that they leave.
     *
     * @throws StepFailed if one leaves none, or takes more than two minutes
     */
    public static void end(Stack stack, Checkout checkout) {
        stack.services().forEach(service -> service.send(ProcessSignal.TERM));
        for (Child service : stack.services()) {
            if (!service.awaitExit(END)) {
                throw new StepFailed(service.name() + " has not ended after " + END.toSeconds() + " s");
            }
        }
        for (String service : StackOptions.SERVICES) {
            if (checkout.aotCache(service).keep() == 0) {
                throw new StepFailed(service + " left no AOT cache");
            }
        }
    }

    private static void work(Stack stack, Checkout checkout) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        if (!Demo.run(stack, checkout, new PrintStream(told, true, StandardCharsets.UTF_8))) {
            throw new StepFailed(told.toString(StandardCharsets.UTF_8));
        }
        Load.registrations(stack, 100);
    }
}
