package dev.holdfast.local.start;

import dev.holdfast.local.Checkout;
import dev.holdfast.local.Child;
import dev.holdfast.local.Packaging;
import dev.holdfast.local.Stack;
import dev.holdfast.local.StackOptions;
import dev.holdfast.local.StandInOptions;
import dev.holdfast.local.StandIns;
import dev.holdfast.local.StartFailure;
import dev.holdfast.local.demo.Load;
import dev.holdfast.local.launcher.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how long each service takes until it is ready, the CPU that it takes, and its memory, in each
 * {@link Packaging} that is named. Prints rows of the table in {@code docs/benchmarks.md}.
 */
public final class StartUp {
    private static final int STARTS = 5;
    private static final int JOBS = 100;
    private static final Duration GRACE = Duration.ofSeconds(10);

    private StartUp() {}

    public static void main(String[] arguments) throws IOException {
        Checkout checkout = Checkout.find();
        Path logs = Files.createDirectories(checkout.root().resolve("target/start-up"));
        try (StandIns standIns =
                StandIns.start(StandInOptions.inMemory(checkout, logs).withFullJit())) {
            StackOptions options = StackOptions.of(checkout, standIns.endpoints(), logs)
                    .withWorkers(1)
                    .withFullJit();
            for (Packaging form : forms(arguments)) {
                if (isThere(form, checkout)) measure(form, options.in(form));
                else System.out.println("| all | " + name(form) + " | NOT VERIFIED: " + missing(form) + " | | | |");
            }
        }
    }

    private static List<Packaging> forms(String[] names) {
        return Arrays.stream(names).map(Packaging::valueOf).toList();
    }

    private static void measure(Packaging form, StackOptions options) {
        Map<String, String> rows = new LinkedHashMap<>();
        try (Stack stack = Stack.start(options)) {
            for (Child service : stack.services()) {
                long[] millis = new long[STARTS];
                long[] cpu = new long[STARTS];
                long[] bytes = new long[STARTS];
                for (int i = 0; i < STARTS; i++) {
                    service.stop(GRACE);
                    long start = System.nanoTime();
                    service.restart();
                    millis[i] = (System.nanoTime() - start) / 1_000_000;
                    cpu[i] = service.handle()
                            .info()
                            .totalCpuDuration()
                            .orElse(Duration.ZERO)
                            .toMillis();
                    bytes[i] = resident(service);
                }
                Arrays.sort(millis);
                Arrays.sort(cpu);
                Arrays.sort(bytes);
                rows.put(
                        service.name(),
                        "| %s | %s | %,d (%,d–%,d) | %,d | %d |"
                                .formatted(
                                        service.name().replaceFirst("-\\d+$", ""),
                                        name(form),
                                        millis[STARTS / 2],
                                        millis[0],
                                        millis[STARTS - 1],
                                        cpu[STARTS / 2],
                                        bytes[STARTS / 2] >> 20));
            }
            Load.registrations(stack, JOBS);
            for (Child service : stack.services()) {
                System.out.println(rows.get(service.name()) + " " + (resident(service) >> 20) + " |");
            }
        }
    }

    private static long resident(Child service) {
        return Memory.residentBytes(service.pid())
                .orElseThrow(() -> new StartFailure(service.name() + " has no memory: it is gone"));
    }

    private static boolean isThere(Packaging form, Checkout checkout) {
        return switch (form) {
            case PLAIN, TRAINING -> true;
            case CACHED ->
                StackOptions.SERVICES.stream()
                        .allMatch(service -> checkout.aotCache(service).fits());
            case NATIVE -> {
                try {
                    StackOptions.SERVICES.forEach(checkout::serviceExecutable);
                    yield true;
                } catch (StartFailure none) {
                    yield false;
                }
            }
        };
    }

    private static String missing(Packaging form) {
        return form == Packaging.NATIVE
                ? "no native-image here, so no executables"
                : "no AOT caches that fit; deploy/images/train makes them";
    }

    private static String name(Packaging form) {
        return switch (form) {
            case PLAIN -> "JVM";
            case CACHED -> "JVM, AOT cache";
            case TRAINING -> "JVM, training";
            case NATIVE -> "native";
        };
    }
}
