package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.LocalStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What restic writes, read, extended and maintained by us. */
class ResticReadByUsIT {
    @TempDir
    private static Path shared;

    private static Path source;

    @TempDir
    private Path folder;

    private Restic restic;
    private Repository repository;

    @BeforeAll
    static void backUpWithRestic() throws Exception {
        Restic.require();
        source = SampleFolder.create(shared.resolve("source"));
        var restic = new Restic(shared.resolve("repository"));
        restic.run("init");
        restic.run("backup", source.toString());
    }

    @BeforeEach
    void copyOfItsRepository() throws Exception {
        Restic.shell(folder, "cp -a " + shared.resolve("repository") + " .");
        restic = new Restic(folder.resolve("repository"));
        repository = Repository.open(new LocalStorage(folder.resolve("repository")), Restic.PASSWORD);
    }

    private CheckReport checkEverything() {
        return Checker.check(repository, new Checker.ReadData.Everything(), 2, Progress.silent());
    }

    @Test
    void everythingIsListed() {
        var paths = new ArrayList<String>();
        Restorer.list(repository, onlySnapshot().id(), (path, _) -> paths.add(path.toString()));
        assertThat(paths).contains(source + "/many/file-299", source + "/empty", source + "/deep/er/and/deeper/one");
        assertThat(onlySnapshot().snapshot().paths()).containsExactly(source.toString());
    }

    private StoredSnapshot onlySnapshot() {
        assertThat(repository.snapshots()).hasSize(1);
        return repository.snapshots().getFirst();
    }

    @Test
    void theIdenticalTreeIsRestored() throws Exception {
        var sink = new LocalSink(folder.resolve("out"), false);
        var result = Restorer.restore(repository, onlySnapshot().id(), Selection.all(), sink, Progress.silent());
        assertThat(result.failures()).isEmpty();
        var restored = folder.resolve("out").resolve(source.toString().substring(1));
        assertThat(Restic.listing(restored)).isEqualTo(Restic.listing(source)).contains("many/file-299|f|644|");
    }

    /** A container has often none, and then Java has no letters but those of ASCII. */
    @Test
    void namesOfAnyBytesAreRestoredWithoutALocale() throws Exception {
        var odd = Files.createDirectory(folder.resolve("odd"));
        Restic.shell(odd, """
                echo 1 > "$(printf 'gr\\303\\274n')"; echo 2 > "$(printf '\\377 \\376%%')"
                ln -s "$(printf '../a/zi\\303\\251l')" there; ln -s "$(printf '/\\303\\274/x')" away""");
        restic.run("backup", odd.toString());
        var out = folder.resolve("out");

        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommandLine.class.getName(),
                        "restore",
                        folder.resolve("repository").toString(),
                        "latest",
                        out.toString())
                .inheritIO();
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("RESTIC_PASSWORD", Restic.PASSWORD);
        assertThat(builder.start().waitFor()).isZero();

        var restored = out.resolve(odd.toString().substring(1));
        assertThat(Restic.listing(restored)).isEqualTo(Restic.listing(odd)).contains("there|l|", "away|l|");
    }

    @Test
    void onlyWhatIsSelectedIsRestored() throws Exception {
        var sink = new LocalSink(folder.resolve("out"), false);
        var selection = Selection.globs(List.of("file-1?", source + "/deep"));
        Restorer.restore(repository, onlySnapshot().id(), selection, sink, Progress.silent());
        var restored = folder.resolve("out").resolve(source.toString().substring(1));
        assertThat(Restic.shell(restored, "find . -type f | sort | tr '\\n' ' '"))
                .startsWith("./deep/er/and/deeper/one ./many/file-10 ./many/file-11")
                .endsWith("./many/file-19 ");
    }

    @Test
    void theCheckFindsNothingAndThenAFlippedByte() throws Exception {
        // given
        assertThat(checkEverything().errors()).isEmpty();
        var pack = Path.of(Restic.shell(folder, "find repository/data -type f -size +1M | head -1 | tr -d '\\n'"));
        var file = folder.resolve(pack);
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(file);
        // when
        Files.write(file, bytes);
        // then
        assertThat(checkEverything().errors())
                .anyMatch(it -> it.contains(pack.getFileName().toString()));
    }

    @Test
    void oursOnTopOfResticsAddsNothing() throws Exception {
        var result = CommandLine.backup(repository, source);
        assertThat(result.failures()).isEmpty();
        assertThat(result.summary().dataBlobs()).isZero();
        assertThat(result.summary().treeBlobs()).isLessThanOrEqualTo(1); // the root
        restic.run("check", "--read-data");
    }

    @Test
    void ourForgetKeepsWhatResticWouldKeep() throws Exception {
        for (var time : times()) {
            restic.run("backup", "--force", "--time", time, source.resolve("a").toString());
        }
        // when
        var json = restic.run(
                "forget",
                "--dry-run",
                "--json",
                "--keep-last",
                "2",
                "--keep-hourly",
                "3",
                "--keep-daily",
                "5",
                "--keep-weekly",
                "4",
                "--keep-monthly",
                "6",
                "--keep-yearly",
                "2",
                "--keep-within",
                "10d3h",
                "--path",
                source.resolve("a").toString());
        // then
        var removed = json.substring(json.indexOf("\"remove\""), json.indexOf("\"reasons\""));
        var policy = KeepPolicy.none().withCounts(2, 3, 5, 4, 6, 2).withWithin(new KeepPolicy.Age(0, 0, 10, 3));
        var own = repository.snapshots().stream()
                .filter(it ->
                        it.snapshot().paths().equals(List.of(source.resolve("a").toString())))
                .toList();
        var plan = Forget.plan(own, policy, repository.environment().clock().instant());
        assertThat(plan).hasSize(1);
        assertThat(plan.getFirst().remove()).isNotEmpty();
        for (var it : plan.getFirst().remove())
            assertThat(removed).contains(it.id().toHex());
        for (var it : plan.getFirst().keep())
            assertThat(removed).doesNotContain(it.id().toHex());
    }

    private static List<String> times() {
        var times = new ArrayList<String>();
        for (var day : List.of("2019-12-30", "2020-01-01", "2020-02-29", "2020-03-31", "2021-01-03", "2021-01-04")) {
            times.add(day + " 10:00:00");
        }
        for (int day = 10; day < 30; day += 3) times.add("2021-03-" + day + " 23:59:59");
        for (int hour = 10; hour < 14; hour++) times.add("2021-03-31 " + hour + ":30:00");
        times.add("2021-03-31 13:45:00");
        return times;
    }

    @Test
    void ourPruneLeavesARepositoryThatResticAccepts() throws Exception {
        // given
        var extra = shared.resolve("extra");
        Files.createDirectories(extra);
        Files.write(extra.resolve("gone"), SampleFolder.bytes(new java.util.Random(99), 9_000_000));
        Files.copy(
                source.resolve("many/file-8"),
                extra.resolve("shared"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        restic.run("backup", extra.toString());
        var first = repository.snapshots().getLast();
        repository.objects().delete(List.of(ObjectStore.key("snapshots", first.id())));
        // when
        var result = Prune.prune(repository, PruneOptions.defaults().withMaxUnused(0), Progress.silent());
        // then
        assertThat(result.freedBytes()).isGreaterThan(9_000_000);
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        assertThat(restic.run("prune", "--dry-run", "--max-unused", "0")).containsPattern("to delete: +0 blobs");
        assertThat(checkEverything().hints()).isEmpty();
    }

    @Test
    void ourCopyIsAcceptedByRestic() throws Exception {
        // given
        var other = folder.resolve("other");
        new Restic(other).run("init");
        var target = Repository.open(new LocalStorage(other), Restic.PASSWORD);
        var ids = List.of(onlySnapshot().id());
        // when
        var copied = Copier.copy(repository, target, ids, WriterOptions.defaults(), Progress.silent());
        // then
        assertThat(copied).hasSize(1);
        assertThat(Copier.copy(repository, target, ids, WriterOptions.defaults(), Progress.silent()))
                .isEmpty();
        assertThat(new Restic(other).run("check", "--read-data")).contains("no errors were found");
        new Restic(other)
                .run("restore", "latest", "--target", folder.resolve("out").toString());
        var restored = folder.resolve("out").resolve(source.toString().substring(1));
        assertThat(Restic.listing(restored)).isEqualTo(Restic.listing(source));
    }

    @Test
    void ourLocksKeepResticAwayAndItsLocksUs() throws Exception {
        try (var _ = repository.lock(RepositoryLock.Kind.SHARED)) {
            restic.run("snapshots");
            assertThat(restic.attempt("prune").exitCode()).isNotZero();
            assertThatThrownBy(() -> repository.lock(RepositoryLock.Kind.EXCLUSIVE))
                    .isInstanceOf(ResticException.Locked.class);
        }
        try (var _ = repository.lock(RepositoryLock.Kind.EXCLUSIVE)) {
            assertThat(restic.attempt("backup", source.toString()).exitCode()).isNotZero();
        }
        restic.run("backup", source.toString());
        var slow = new ProcessBuilder(
                "bash", "-c", "(echo x; sleep 60) | \"$0\" --no-cache backup --stdin", Restic.BINARY);
        assertResticsLockIsSeen(slow);
    }

    private void assertResticsLockIsSeen(ProcessBuilder slow) throws Exception {
        slow.environment().put("RESTIC_REPOSITORY", folder.resolve("repository").toString());
        slow.environment().put("RESTIC_PASSWORD", Restic.PASSWORD);
        var process = slow.start();
        try {
            while (process.isAlive() && RepositoryLock.list(repository).isEmpty()) TimeUnit.MILLISECONDS.sleep(50);
            assertThatThrownBy(() -> repository.lock(RepositoryLock.Kind.EXCLUSIVE))
                    .isInstanceOf(ResticException.Locked.class);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
