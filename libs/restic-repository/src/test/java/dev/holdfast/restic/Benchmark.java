package dev.holdfast.restic;

import dev.holdfast.restic.format.Zstd;
import dev.holdfast.restic.storage.LocalStorage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Ours and restic side by side on the same data, one after the other in every round; prints medians. By hand:
 * {@code Benchmark FOLDER ROUNDS JVM-OPTIONS [RESTIC…]}. Ours runs in one JVM for each zstd engine, which stays warm:
 * the first {@link #WARM_UP} rounds do not count. Before that, each step runs once in a JVM of its own, as each step of
 * restic does in a process of its own. Peaks are those of the whole process so far.
 */
public final class Benchmark {
    private static final int WARM_UP = 2;
    private static final List<String> STEPS = List.of("first backup", "unchanged backup", "restore", "check all data");

    private static final String INIT = "init";
    /** Backs one byte up: what any JVM needs. */
    private static final String BASE = "one byte";

    private final Path folder;
    private final Map<String, List<Figures>> results = new LinkedHashMap<>();
    private int restores;

    private record Figures(double wall, double cpu, double peakMib, double storedMib) {}

    private Benchmark(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("worker")) {
            work(Zstd.Engine.valueOf(arguments[1]));
            return;
        }
        var benchmark = new Benchmark(Path.of(arguments[0]).toAbsolutePath());
        BenchmarkData.create(benchmark.folder.resolve("source"));
        benchmark.run(
                Integer.parseInt(arguments[1]),
                List.of(arguments[2].split(" ", 0)),
                Arrays.asList(arguments).subList(3, arguments.length));
    }

    private void run(int rounds, List<String> jvm, List<String> binaries) throws Exception {
        cold(jvm);
        var java = startWorker("JAVA", jvm);
        var nativeZstd = startWorker("NATIVE", jvm);
        try {
            for (int round = 0; round < rounds + WARM_UP; round++) {
                boolean counts = round >= WARM_UP;
                ours("ours, zstd in Java", java, counts);
                ours("ours, native zstd", nativeZstd, counts);
                if (counts) for (var binary : binaries) restic(binary);
            }
        } finally {
            java.destroy();
            nativeZstd.destroy();
        }
        removeRestored();
        double mib = Double.parseDouble(
                        Restic.shell(folder, "find source -type f -printf '%s\\n' | awk '{s+=$1} END {print s}'"))
                / (1 << 20);
        System.out.printf(Locale.ROOT, "%.0f MiB, medians of %d rounds%n", mib, rounds);
        System.out.println("| step | who | wall | MiB/s | CPU s | peak MiB | stored MiB |");
        results.forEach((key, figures) -> print(key, figures, mib));
    }

    private static void print(String key, List<Figures> all, double mib) {
        double wall = median(all.stream().map(Figures::wall).toList());
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f s | %.0f | %.2f | %.0f | %.0f |%n",
                key,
                wall,
                mib / wall,
                median(all.stream().map(Figures::cpu).toList()),
                median(all.stream().map(Figures::peakMib).toList()),
                median(all.stream().map(Figures::storedMib).toList()));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private void add(String step, String tool, double wall, double cpu, double peakMib) throws IOException {
        var stored = Files.isDirectory(folder.resolve("repository"))
                ? Double.parseDouble(Restic.shell(folder, "du -sm repository | cut -f1"))
                : 0;
        results.computeIfAbsent(step + " | " + tool, _ -> new ArrayList<>())
                .add(new Figures(wall, cpu, peakMib, stored));
    }

    private void clean() throws IOException {
        Restic.shell(folder, "chmod -R u+w repository; rm -rf repository; sync");
    }

    /**
     * A new place for every restore, all removed at the end: ext4 gives no inode away that was freed within the last
     * minutes, and would spend the time of the restore on passing over them.
     */
    private String nextOut() {
        return folder.resolve("restored/" + restores++).toString();
    }

    private void removeRestored() throws IOException {
        Restic.shell(folder, "chmod -R u+w restored; rm -rf restored");
    }

    private void cold(List<String> jvm) throws Exception {
        clean();
        alone(INIT, jvm);
        alone(BASE, jvm);
        clean();
        alone(INIT, jvm);
        for (var step : STEPS) alone(step, jvm);
    }

    private void alone(String step, List<String> jvm) throws Exception {
        var worker = startWorker("NATIVE", jvm);
        step(step, "ours, native zstd, cold JVM", worker, !step.equals(INIT));
        worker.outputWriter().close();
        worker.waitFor();
    }

    private void ours(String tool, Process worker, boolean counts) throws IOException {
        clean();
        step(INIT, tool, worker, false);
        for (var step : STEPS) step(step, tool, worker, counts);
    }

    private void step(String step, String tool, Process worker, boolean counts) throws IOException {
        var out = step.equals("restore") ? nextOut() : "";
        worker.outputWriter().write(step + "|" + folder + "|" + out + "\n");
        worker.outputWriter().flush();
        var line = worker.inputReader().readLine();
        if (line == null) throw new IOException("the worker died");
        var figures = line.split(" ", 0);
        if (counts) {
            add(
                    step,
                    tool,
                    Double.parseDouble(figures[0]),
                    Double.parseDouble(figures[1]),
                    Double.parseDouble(figures[2]));
        }
    }

    private static Process startWorker(String engine, List<String> jvm) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Benchmark.class.getName(),
                "worker",
                engine));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void work(Zstd.Engine engine) throws IOException {
        var system = (com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        var in = new BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var words = line.split("\\|", -1);
            var step = words[0];
            var folder = Path.of(words[1]);
            var storage = new LocalStorage(folder.resolve("repository"));
            var environment = Environment.ofThisProcess().withZstd(engine);
            if (step.equals(INIT)) {
                Repository.init(
                        storage, NewRepository.withPassword(Restic.PASSWORD, environment.random()), environment);
            }
            long start = System.nanoTime();
            long cpu = system.getProcessCpuTime();
            step(step, Repository.open(storage, Restic.PASSWORD, environment), folder, words[2]);
            System.out.println((System.nanoTime() - start) / 1e9 + " " + (system.getProcessCpuTime() - cpu) / 1e9 + " "
                    + peakMib(ProcessHandle.current().pid()));
        }
    }

    private static void step(String step, Repository repository, Path folder, String out) throws IOException {
        var progress = Progress.silent();
        switch (step) {
            case INIT -> {}
            case BASE -> MemorySource.backup(repository, MemorySource.file("byte", new byte[1]));
            case "first backup", "unchanged backup" -> {
                var source = folder.resolve("source");
                var request = BackupRequest.of(LocalSource.of(source), List.of(source.toString()), repository);
                if (BackupWriter.backup(repository, request, progress).partial()) throw new IOException("partial");
            }
            case "restore" -> {
                var snapshot = repository.snapshots().getLast().id();
                var sink = new LocalSink(Path.of(out), true);
                var result = Restorer.restore(repository, snapshot, Selection.all(), sink, progress);
                if (result.failureCount() > 0)
                    throw new IOException(result.failures().toString());
            }
            case "check all data" -> {
                var report = Checker.check(repository, new Checker.ReadData.Everything(), 2, progress);
                if (!report.clean()) throw new IOException(report.errors().toString());
            }
            default -> throw new IOException(step);
        }
    }

    private static double peakMib(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(it -> it.startsWith("VmHWM"))
                            .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // it has just ended
        }
    }

    private void restic(String binary) throws Exception {
        clean();
        time(binary, "", "init");
        time(binary, STEPS.get(0), "backup", folder.resolve("source").toString());
        time(binary, STEPS.get(1), "backup", folder.resolve("source").toString());
        time(binary, STEPS.get(2), "restore", "latest", "--target", nextOut());
        time(binary, STEPS.get(3), "check", "--read-data");
    }

    private void time(String binary, String step, String... command) throws Exception {
        var line = new ArrayList<>(List.of(binary, "--no-cache", "-q"));
        line.addAll(List.of(command));
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put("RESTIC_REPOSITORY", folder.resolve("repository").toString());
        builder.environment().put("RESTIC_PASSWORD", Restic.PASSWORD);
        long start = System.nanoTime();
        var process = builder.start();
        double cpu = 0;
        double peak = 0;
        while (!process.waitFor(10, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peakMib(process.pid()));
            cpu = Math.max(
                    cpu,
                    process.info()
                            .totalCpuDuration()
                            .map(it -> it.toNanos() / 1e9)
                            .orElse(0.0));
        }
        double wall = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) throw new IOException(binary + " " + step + " failed");
        if (!step.isEmpty()) add(step, binary, wall, cpu, peak);
    }
}
