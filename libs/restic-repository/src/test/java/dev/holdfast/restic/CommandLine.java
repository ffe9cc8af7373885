package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A tiny command line to try the library against restic. The password is in the variable RESTIC_PASSWORD.
 *
 * <pre>
 * init REPO | backup REPO FOLDER | snapshots REPO | ls REPO SNAPSHOT | restore REPO SNAPSHOT TARGET [GLOB…]
 * check REPO | forget REPO KEEP-LAST | prune REPO | copy REPO OTHER-REPO
 * </pre>
 */
final class CommandLine {
    private CommandLine() {}

    public static void main(String[] arguments) throws IOException {
        var password = System.getenv().getOrDefault("RESTIC_PASSWORD", "");
        var storage = new LocalStorage(Path.of(arguments[1]));
        if (arguments[0].equals("init")) {
            Repository.init(storage, password);
            return;
        }
        var repository = Repository.open(storage, password);
        switch (arguments[0]) {
            case "backup" -> backup(repository, Path.of(arguments[2]));
            case "snapshots" -> repository.snapshots().forEach(it -> println(it.id() + " " + it.snapshot()));
            case "ls" ->
                Restorer.list(repository, find(repository, arguments[2]), (path, _) -> println(path.toString()));
            case "restore" -> restore(repository, arguments);
            case "check" -> check(repository);
            case "forget" ->
                Forget.forget(repository, KeepPolicy.last(Integer.parseInt(arguments[2])))
                        .forEach(group -> println(group.toString()));
            case "prune" ->
                println(Prune.prune(repository, PruneOptions.defaults(), Progress.silent())
                        .toString());
            case "copy" -> {
                var target = Repository.open(new LocalStorage(Path.of(arguments[2])), password);
                var ids =
                        repository.snapshots().stream().map(StoredSnapshot::id).toList();
                println(Copier.copy(repository, target, ids, WriterOptions.defaults(), Progress.silent())
                        .toString());
            }
            default -> throw new IllegalArgumentException("unknown command " + arguments[0]);
        }
    }

    static BackupResult backup(Repository repository, Path folder) throws IOException {
        var paths = List.of(folder.toAbsolutePath().normalize().toString());
        var request = BackupRequest.of(LocalSource.of(folder), paths, repository);
        var result = BackupWriter.backup(repository, request, Progress.silent());
        println("snapshot " + result.snapshot().id() + " " + result.summary());
        result.failures().forEach(CommandLine::println);
        return result;
    }

    private static void restore(Repository repository, String[] arguments) throws IOException {
        var selection = Selection.globs(Arrays.asList(arguments).subList(4, arguments.length));
        var sink = new LocalSink(Path.of(arguments[3]), true);
        var result = Restorer.restore(repository, find(repository, arguments[2]), selection, sink, Progress.silent());
        println(result.toString());
        if (result.failureCount() > 0) throw new IllegalStateException("not everything was restored");
    }

    private static void check(Repository repository) {
        var report = Checker.check(repository, new Checker.ReadData.Everything(), 2, Progress.silent());
        println(report.toString());
        if (!report.clean()) throw new IllegalStateException("the repository is damaged");
    }

    private static Id find(Repository repository, String start) {
        return repository.snapshots().reversed().stream()
                .map(StoredSnapshot::id)
                .filter(id -> start.equals("latest") || id.toHex().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private static void println(String line) {
        System.out.println(line);
    }
}
