package dev.holdfast.restic;

import dev.holdfast.restic.storage.LocalStorage;
import java.nio.file.Path;

/** A process that makes one backup, to be killed in the middle of it. Arguments: repository, seed. */
final class KilledWriter {
    static final WriterOptions SMALL_PACKS = new WriterOptions(4 << 20, 2, 2, 8 << 20, true);

    private KilledWriter() {}

    public static void main(String[] arguments) {
        var repository = Repository.open(new LocalStorage(Path.of(arguments[0])), Restic.PASSWORD);
        System.out.println("started");
        backup(repository, Long.parseLong(arguments[1]));
        System.out.println("finished");
    }

    static BackupResult backup(Repository repository, long seed) {
        var request = MemorySource.request(repository, MemorySource.mixed(seed)).withOptions(SMALL_PACKS);
        return BackupWriter.backup(repository, request, Progress.silent());
    }
}
