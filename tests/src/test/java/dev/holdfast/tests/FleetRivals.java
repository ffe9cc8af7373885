package dev.holdfast.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What others take for the same bucket at the same endpoint: {@code rclone copy} into another bucket; and restic, which
 * cannot read a bucket, from where rclone mounts it, and from a local folder that rclone keeps like it.
 */
final class FleetRivals implements AutoCloseable {

    private final String source;
    private final Path folder;
    private final Path mirrored;
    private final Path mounted;

    FleetRivals(String source) throws IOException {
        this.source = source;
        this.folder = Files.createTempDirectory("fleet-rivals");
        this.mirrored = folder.resolve("mirrored");
        this.mounted = Files.createDirectory(folder.resolve("mounted"));
    }

    /** Whether their programs are here. */
    static boolean areHere() throws InterruptedException {
        for (var program : List.of("rclone", "restic")) {
            try {
                if (new ProcessBuilder(program, "version")
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0) continue;
            } catch (IOException none) {
                // told below
            }
            System.out.println("NOT VERIFIED: no " + program + " here to compare with");
            return false;
        }
        return true;
    }

    void begin() throws IOException {
        for (var way : List.of(Way.MIRRORED, Way.MOUNTED)) time("restic init", restic(way, "init"));
    }

    /** What restic reads. */
    private enum Way {
        MIRRORED,
        MOUNTED
    }

    /** Each of the two ways has a repository of its own. */
    private List<String> restic(Way way, String... command) {
        var repository = "s3:" + Cloud.endpoints().s3() + "/" + source + "-restic/" + way;
        var line = new ArrayList<>(List.of("restic", "--repo", repository, "--cache-dir", folder + "/cache"));
        line.addAll(List.of(command));
        return line;
    }

    /** Brings all of them up to date with the bucket, one after the other. */
    void backUp(String what) throws IOException {
        rclone(what, "copy", "from:" + source, "to:" + source + "-rclone");
        rclone(what + ", for restic", "copy", "from:" + source, mirrored.toString());
        time("restic of the copy, " + what, restic(Way.MIRRORED, "backup", mirrored.toString()));
        if (isMounted()) {
            // no inode of a mounted bucket stays the same
            var unstable = List.of("backup", "--ignore-inode", "--ignore-ctime", mounted.toString());
            time("restic of the mounted bucket, " + what, restic(Way.MOUNTED, unstable.toArray(String[]::new)));
            run(List.of("fusermount3", "-u", mounted.toString()));
        }
    }

    /** Anew each time, for a mounted bucket shows for long what it was like. */
    private boolean isMounted() throws IOException {
        var mount = run(List.of(
                "rclone",
                "mount2",
                "from:" + source,
                mounted.toString(),
                "--daemon",
                "--read-only",
                "--use-server-modtime"));
        if (mount.exitCode() != 0) System.out.println("NOT VERIFIED: cannot mount a bucket here: " + mount.output());
        return mount.exitCode() == 0;
    }

    /** Brings all of it back into buckets. */
    void restore() throws IOException {
        rclone("back", "copy", "to:" + source + "-rclone", "from:" + source + "-back-1");
        var restored = folder.resolve("restored");
        time("restic restore", restic(Way.MIRRORED, "restore", "latest", "--target", restored.toString()));
        rclone("back, for restic", "copy", restored + mirrored.toString(), "from:" + source + "-back-2");
    }

    /** Two remotes of the same endpoint, so that rclone carries the bytes as between two endpoints. */
    private void rclone(String what, String... command) throws IOException {
        var line = new ArrayList<>(List.of("rclone", "--transfers", "16", "--checkers", "16", "--fast-list"));
        // what its manual advises against a HEAD of every object
        line.addAll(List.of("--update", "--use-server-modtime"));
        line.addAll(List.of(command));
        time("rclone " + what, line);
    }

    private void time(String what, List<String> line) throws IOException {
        var begun = Instant.now();
        var run = run(line);
        if (run.exitCode() != 0)
            throw new AssertionError(
                    line + ": " + run.output().lines().limit(20).toList());
        System.out.printf(
                "%s: %.1f s, %s s of CPU%n",
                what, Duration.between(begun, Instant.now()).toMillis() / 1000.0, run.cpu());
    }

    /** Removes the copies. */
    @Override
    public void close() throws IOException {
        FleetBackup.delete(folder);
    }

    private record Run(int exitCode, String output, String cpu) {}

    /** Under bash, which knows what its children have used. */
    private Run run(List<String> line) throws IOException {
        var timed = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%U + %S'; time \"$@\"", "bash"));
        timed.addAll(line);
        var log = Files.createTempFile("rival", ".log");
        try {
            var builder = new ProcessBuilder(timed).redirectErrorStream(true).redirectOutput(log.toFile());
            var cloud = Cloud.endpoints();
            for (var remote : List.of("FROM", "TO")) {
                var prefix = "RCLONE_CONFIG_" + remote + "_";
                builder.environment().put(prefix + "TYPE", "s3");
                builder.environment().put(prefix + "PROVIDER", "Other");
                builder.environment().put(prefix + "ENDPOINT", cloud.s3().toString());
                builder.environment().put(prefix + "REGION", cloud.region());
                builder.environment().put(prefix + "ACCESS_KEY_ID", cloud.accessKey());
                builder.environment().put(prefix + "SECRET_ACCESS_KEY", cloud.secretKey());
            }
            builder.environment().remove("AWS_CA_BUNDLE"); // Debian's rclone ends at once where it is set
            builder.environment().put("RESTIC_PASSWORD", "a password");
            builder.environment().put("AWS_ACCESS_KEY_ID", cloud.accessKey());
            builder.environment().put("AWS_SECRET_ACCESS_KEY", cloud.secretKey());
            builder.environment()
                    .put("RCLONE_CONFIG", folder.resolve("no-rclone.conf").toString());
            var process = builder.start();
            var exitCode = process.waitFor();
            var lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return new Run(exitCode, String.join("\n", lines), lines.isEmpty() ? "" : lines.getLast());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            Files.delete(log);
        }
    }
}
