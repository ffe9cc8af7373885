package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.storage.LocalStorage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at random instants of a backup: nothing that was there is hurt, and the next backup completes. */
class KilledWriterIT {
    private static final int KILLS = Integer.getInteger("restic.kills", 50);
    private static final int ROUNDS_PER_REPOSITORY = 5;

    @TempDir
    private Path folder;

    @BeforeAll
    static void restic() {
        Restic.require();
    }

    @Test
    void everyKillLeavesACleanRepositoryAndTheNextBackupCompletes() throws Exception {
        long seed = System.nanoTime();
        System.out.println("kill -9 with seed " + seed);
        var random = new Random(seed);
        // Not a bound but a guess of how long a backup takes: the instants must be spread over all of it.
        long typicalNanos = timeOfWholeRun();
        int killed = 0;
        int round = 0;
        for (; killed < KILLS; round++) {
            assertThat(round).as("too many runs ended before they were killed").isLessThan(2 * KILLS);
            var place = folder.resolve("repository-" + round / ROUNDS_PER_REPOSITORY);
            if (round % ROUNDS_PER_REPOSITORY == 0) init(place);
            // when
            if (killAfter(place, round, (long) (random.nextDouble() * typicalNanos))) killed++;
            else typicalNanos -= typicalNanos / 8; // the guess was too long
            // then
            new Restic(place).run("check", "--read-data", "--no-lock");
            var repository = Repository.open(new LocalStorage(place), Restic.PASSWORD);
            assertThat(KilledWriter.backup(repository, round).failures()).isEmpty();
            var report = Checker.check(repository, new Checker.ReadData.Everything(), 2, Progress.silent());
            assertThat(report.errors()).isEmpty();
        }
        System.out.println(
                "killed " + killed + " of " + round + " writers before their end, " + typicalNanos / 1_000_000 + " ms");
        new Restic(folder.resolve("repository-0")).run("unlock");
        new Restic(folder.resolve("repository-0")).run("check", "--read-data");
    }

    private static void init(Path place) {
        TestRepository.init(new LocalStorage(place), Restic.PASSWORD);
    }

    private long timeOfWholeRun() throws IOException, InterruptedException {
        var place = folder.resolve("whole");
        init(place);
        var process = start(place, -1);
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            awaitLine(output, "started");
            long start = System.nanoTime();
            awaitLine(output, "finished");
            return System.nanoTime() - start;
        } finally {
            process.waitFor();
        }
    }

    /** Whether the kill came before the end. */
    private static boolean killAfter(Path place, long seed, long nanos) throws IOException, InterruptedException {
        var process = start(place, seed);
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            awaitLine(output, "started");
            TimeUnit.NANOSECONDS.sleep(nanos);
            boolean running = process.isAlive();
            process.destroyForcibly().waitFor();
            return running;
        }
    }

    private static void awaitLine(BufferedReader output, String expected) throws IOException {
        for (var line = output.readLine(); !expected.equals(line); line = output.readLine()) {
            if (line == null) throw new IOException("the writer ended without saying " + expected);
        }
    }

    private static Process start(Path place, long seed) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        place.toString(),
                        Long.toString(seed))
                .redirectErrorStream(true)
                .start();
    }
}
