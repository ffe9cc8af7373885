package dev.holdfast.worker.backup;

import dev.holdfast.job.Glob;
import dev.holdfast.job.JobResult.BackedUp.Skipped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a backup leaves out, and keeps account of it. For one thread. */
final class Excludes {

    /** A result has its limits: no more are told by name. */
    private static final int MOST = 100;

    private static final String EXCLUDED = "excluded";

    private final JobLog log;
    private final List<Glob> globs;
    private final List<Skipped> skipped = new ArrayList<>();

    /** The log is told of all. */
    Excludes(List<String> globs, JobLog log) {
        this.log = log;
        this.globs = globs.stream().map(Glob::of).toList();
    }

    /** Whether to leave a path out; it is on record then. */
    boolean excludes(String path) {
        if (!matches(path)) return false;
        skip(path, EXCLUDED);
        return true;
    }

    /** The same for a file of this machine; {@code shown} is what goes on record. */
    boolean excludes(Path path, String shown) {
        if (!matches(path.toString())) return false;
        skip(shown, EXCLUDED);
        return true;
    }

    /** Whether a path is to be left out. */
    boolean matches(String path) {
        return globs.stream().anyMatch(glob -> glob.matches(path));
    }

    void skip(String path, String reason) {
        var fields = Map.of("path", path, "reason", reason);
        if (reason.equals(EXCLUDED)) log.info("left out", fields);
        else log.warn("left out", fields);
        add(path, reason);
    }

    private void add(String path, String reason) {
        if (skipped.size() < MOST) skipped.add(new Skipped(path, reason));
    }

    /** Adds what others have left out, and have told of. */
    void skipAll(Collection<Skipped> others) {
        others.forEach(other -> add(other.path(), other.reason()));
    }

    /** What of the skipped was to be stored, the first of it: all but the excluded. */
    Optional<Skipped> firstUnreadable() {
        return skipped.stream().filter(one -> !one.reason().equals(EXCLUDED)).findFirst();
    }

    List<Skipped> skipped() {
        return List.copyOf(skipped);
    }
}
