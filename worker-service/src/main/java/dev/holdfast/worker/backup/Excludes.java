package dev.holdfast.worker.backup;

import dev.holdfast.job.JobResult.BackedUp.Skipped;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/** What a backup leaves out, and keeps account of it. For one thread. */
final class Excludes {

    /** A result has its limits: no more are told by name. */
    private static final int MOST = 100;

    private final List<PathMatcher> globs;
    private final List<Skipped> skipped = new ArrayList<>();

    /** Globs as {@link java.nio.file.FileSystem#getPathMatcher} knows them. */
    Excludes(List<String> globs) {
        this.globs = globs.stream()
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
    }

    /** Whether to leave a path out; it is on record then. */
    boolean excludes(String path) {
        var asPath = Path.of(path);
        if (globs.stream().noneMatch(glob -> glob.matches(asPath))) return false;
        skip(path, "excluded");
        return true;
    }

    void skip(String path, String reason) {
        if (skipped.size() < MOST) skipped.add(new Skipped(path, reason));
    }

    List<Skipped> skipped() {
        return List.copyOf(skipped);
    }
}
