package dev.holdfast.bench;

import dev.holdfast.job.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What was measured so far, one JSON object per line. */
record Results(Path file) {

    List<Result> all() throws IOException {
        if (!Files.exists(file)) return List.of();
        return Files.readAllLines(file).stream()
                .map(line -> Json.read(line, Result.class))
                .toList();
    }

    void add(Result result) throws IOException {
        Files.writeString(file, Json.write(result) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Forgets what these contestants did; none named: what all of the race did. */
    void forget(Race race, List<String> contestants) throws IOException {
        var kept = all().stream()
                .filter(result ->
                        result.race() != race || !(contestants.isEmpty() || contestants.contains(result.contestant())))
                .map(Json::write)
                .toList();
        Files.write(file, kept);
    }
}
