package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Tries a restore: brings files that are chosen at random back into a folder, reads them again from there, and compares
 * them with the hashes that their content had when it was backed up.
 */
public final class Drill {
    /** Larger files are not chosen, and no more than this is restored. */
    private static final long MAX_BYTES = 1L << 30;

    private final Repository repository;
    private final BlobIndex index;
    private final List<String> errors = new ArrayList<>();
    private long files;
    private long bytes;

    private Drill(Repository repository) {
        this.repository = repository;
        this.index = repository.indexFiles().loadForReading();
    }

    /**
     * What came back.
     *
     * @param files that are as they were
     * @param errors files that are not, with the reason
     */
    public record Report(long files, long bytes, List<String> errors) {
        public Report {
            errors = List.copyOf(errors);
        }
    }

    /**
     * Restores at most so many files, and at most 1 GiB, into an empty folder that is the caller's to remove.
     *
     * @param keepLock is called often: somebody holds a shared lock for us
     */
    public static Report run(
            Repository repository,
            Id snapshot,
            int files,
            Path scratch,
            RandomGenerator random,
            Progress progress,
            Runnable keepLock)
            throws IOException {
        return new Drill(repository)
                .run(snapshot, sample(repository, snapshot, files, random), scratch, progress, keepLock);
    }

    /** Each file is as likely as any other. */
    private static Map<NodePath, Node.File> sample(
            Repository repository, Id snapshot, int most, RandomGenerator random) {
        record Found(NodePath path, Node.File file) {}
        var chosen = new ArrayList<Found>();
        var seen = new long[1];
        Restorer.list(repository, snapshot, (path, node) -> {
            if (!(node.kind() instanceof Node.File file) || file.sizeBytes() > MAX_BYTES) return;
            seen[0]++;
            if (chosen.size() < most) {
                chosen.add(new Found(path, file));
            } else {
                long place = random.nextLong(seen[0]);
                if (place < most) chosen.set((int) place, new Found(path, file));
            }
        });
        var sample = new LinkedHashMap<NodePath, Node.File>();
        long bytes = 0;
        for (var found : chosen) {
            if (bytes + found.file.sizeBytes() > MAX_BYTES) continue;
            bytes += found.file.sizeBytes();
            sample.put(found.path, found.file);
        }
        return sample;
    }

    private Report run(Id snapshot, Map<NodePath, Node.File> sample, Path scratch, Progress progress, Runnable keepLock)
            throws IOException {
        if (sample.isEmpty()) return new Report(0, 0, errors);
        var sink = new Scratch(scratch);
        var selection = Selection.paths(List.copyOf(sample.keySet()));
        var restored = Restorer.restore(repository, snapshot, selection, sink, progress, 2, keepLock);
        errors.addAll(restored.failures());
        for (var wanted : sample.entrySet()) {
            keepLock.run();
            var file = sink.files.get(wanted.getKey());
            if (file == null) errors.add(wanted.getKey() + " did not come back");
            else compare(wanted.getKey(), wanted.getValue(), file);
        }
        return new Report(files, bytes, errors);
    }

    private void compare(NodePath path, Node.File expected, Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            for (var blob : expected.content()) {
                if (!matches(in, blob)) {
                    errors.add(path + " is not as it was backed up");
                    return;
                }
            }
            if (in.read() >= 0 || Files.size(file) != expected.sizeBytes()) {
                errors.add("%s has %d bytes, not %d".formatted(path, Files.size(file), expected.sizeBytes()));
                return;
            }
        }
        files++;
        bytes += expected.sizeBytes();
    }

    private boolean matches(InputStream in, Id blob) throws IOException {
        int entry = index.find(new BlobKey(BlobType.DATA, blob));
        if (entry < 0) return false;
        var piece = in.readNBytes(index.blob(entry).plainBytes());
        return Id.hashOf(piece).equals(blob);
    }

    /** Files under numbers: what they are called is not tried. */
    private static final class Scratch implements RestoreSink {
        private final Path folder;
        private final Map<NodePath, Path> files = new LinkedHashMap<>();

        Scratch(Path folder) {
            this.folder = folder;
        }

        @Override
        public void openDirectory(NodePath path, Node node) {}

        @Override
        public void closeDirectory(NodePath path, Node node) {}

        @Override
        public OutputStream openFile(NodePath path, Node node) throws IOException {
            var file = folder.resolve(Integer.toString(files.size()));
            files.put(path, file);
            return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void closeFile(NodePath path, Node node) {}

        @Override
        public void other(NodePath path, Node node) {}
    }
}
