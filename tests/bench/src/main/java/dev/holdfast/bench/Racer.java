package dev.holdfast.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A contestant's process, pinned to its core. */
final class Racer implements AutoCloseable {

    private static final String CORE = "1";

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    /** Starts it and waits until it is ready. */
    Racer(Entry entry, Map<String, String> environment, Path log) {
        var command = new ArrayList<>(List.of("taskset", "-c", CORE));
        command.addAll(entry.command());
        try {
            Files.createDirectories(log.getParent());
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader();
        orders = process.outputWriter();
        expect("ready");
    }

    void drain(String queue, int messages) {
        say("drain " + queue + " " + messages);
    }

    void awaitHandled() {
        expect("handled");
    }

    /** Ends consuming. Returns what was counted since {@link #drain}. */
    Map<String, Double> stop() {
        say("stop");
        var counts = new TreeMap<String, Double>();
        for (var word : expect("counts").split(" ", -1)) {
            var parts = word.split("=", -1);
            if (parts.length == 2) counts.put(parts[0], Double.parseDouble(parts[1]));
        }
        expect("stopped");
        return counts;
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What of {@link #cpu} the JIT compilers' threads took; nothing for what is no JVM. */
    Duration jitCpu() {
        try (var tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return Duration.ofMillis(tasks.mapToLong(Racer::jitMillis).sum());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long jitMillis(Path task) {
        try {
            var stat = Files.readString(task.resolve("stat"));
            var name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
            if (!name.matches("C[12] Compiler.*")) return 0;
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10; // ticks of 10 ms
        } catch (IOException ended) {
            return 0;
        }
    }

    /** The largest resident memory since its start. */
    long peakRssKib() {
        return peakRssKib(process.pid());
    }

    static long peakRssKib(long pid) {
        return statusKib(pid, "VmHWM:");
    }

    /** The resident memory right now. */
    static long residentKib(long pid) {
        return statusKib(pid, "VmRSS:");
    }

    private static long statusKib(long pid, String field) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until a line that begins so: libraries like to greet on standard output. */
    private String expect(String beginning) {
        try {
            for (var line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(beginning)) return line;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("the contestant ended before it said " + beginning);
    }

    private void say(String line) {
        try {
            orders.write(line + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            orders.close();
            if (!process.waitFor(10, TimeUnit.SECONDS))
                process.destroyForcibly().waitFor();
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
