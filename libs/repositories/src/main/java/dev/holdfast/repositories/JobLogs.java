package dev.holdfast.repositories;

import dev.holdfast.restic.Repository;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What runs of jobs did, line by line: one object for each run beside the repository, where restic never looks,
 * compressed and sealed with the repository's key. Those of the parts of a job lie with the job's own.
 */
public final class JobLogs {

    private static final String FOLDER = "x-fleet/jobs/";

    /** Thirteen digits of milliseconds sort by time until the year 2286. */
    private static final Pattern NAME = Pattern.compile("log-([0-9]{13})-([0-9a-f-]{36})-([0-9]+)");

    /** What one answer has at most, and one log more. */
    private static final int MOST_BYTES = 16 << 20;

    private static final int LARGEST_OBJECT = 16 << 20;

    private JobLogs() {}

    /**
     * Whose log it is, and of which of its runs.
     *
     * @param fence of the run: no other run of the job has it
     */
    public record Name(Instant begun, String job, long fence) {
        private String text() {
            return "log-%013d-%s-%d".formatted(begun.toEpochMilli(), job, fence);
        }

        private static Optional<Name> of(String key) {
            var name = NAME.matcher(key.substring(key.lastIndexOf('/') + 1));
            return name.matches()
                    ? Optional.of(new Name(
                            Instant.ofEpochMilli(Long.parseLong(name.group(1))),
                            name.group(2),
                            Long.parseLong(name.group(3))))
                    : Optional.empty();
        }
    }

    /** Whether that is the key of a log, and of nothing else that a job keeps there. */
    public static boolean isLog(String key) {
        return key.startsWith(FOLDER) && Name.of(key).isPresent();
    }

    /** Stores the log of a run. {@code root}: the whole job, of which the run's may be a part. */
    public static void store(Storage storage, Repository repository, String root, Name name, byte[] lines)
            throws IOException {
        storage.putIfAbsent(FOLDER + root + "/" + name.text(), Content.of(repository.sealJson(lines)));
    }

    /**
     * The lines of logs, JSON each, in the order of their {@code time}.
     *
     * @param logs how many there are
     * @param left how many of these, the last, are not among the lines since these would be too many
     */
    public record Found(List<String> lines, int logs, int left) {}

    /**
     * Reads the logs of a job with its parts, or of one part of it alone; of none if there are none.
     *
     * @param only the part
     * @throws ResticException when one cannot be read
     */
    public static Found read(Storage storage, Repository repository, String root, Optional<String> only) {
        var keys = new ArrayList<String>();
        list(storage, FOLDER + root, keys);
        keys.removeIf(
                key -> only.isPresent() && !Name.of(key).orElseThrow().job().equals(only.get()));
        var lines = new ArrayList<Line>();
        var size = 0L;
        var read = 0;
        for (var key : keys.stream().sorted().toList()) {
            if (size >= MOST_BYTES) break;
            var text = open(storage, repository, key);
            size += text.length();
            text.lines().map(Line::of).forEach(lines::add);
            read++;
        }
        var inOrder = lines.stream()
                .sorted(Comparator.comparing(Line::time))
                .map(Line::json)
                .toList();
        return new Found(inOrder, keys.size(), keys.size() - read);
    }

    /** {@code time}: RFC 3339 with as many digits in each line, so that text sorts as time does. */
    private record Line(String time, String json) {
        private static final String BEGINS = "{\"time\":\"";

        static Line of(String json) {
            var end = json.indexOf('"', BEGINS.length());
            return new Line(json.startsWith(BEGINS) && end > 0 ? json.substring(BEGINS.length(), end) : "", json);
        }
    }

    private static String open(Storage storage, Repository repository, String key) {
        try {
            var sealed = storage.get(key, 0, LARGEST_OBJECT);
            return new String(repository.openJson(Id.hashOf(sealed), sealed), StandardCharsets.UTF_8);
        } catch (NoSuchFileException swept) {
            return "";
        } catch (IOException e) {
            throw new ResticException.StorageFailed("read " + key, e);
        }
    }

    /** Removes the logs of runs that began before that; returns how many. */
    public static int sweep(Storage storage, Instant before) throws IOException {
        var keys = new ArrayList<String>();
        list(storage, FOLDER.substring(0, FOLDER.length() - 1), keys);
        keys.removeIf(key -> !Name.of(key).orElseThrow().begun().isBefore(before));
        storage.delete(keys);
        return keys.size();
    }

    private static void list(Storage storage, String folder, List<String> keys) {
        try {
            storage.list(folder, object -> {
                if (isLog(object.key())) keys.add(object.key());
            });
        } catch (IOException e) {
            throw new ResticException.StorageFailed("list " + folder, e);
        }
    }
}
