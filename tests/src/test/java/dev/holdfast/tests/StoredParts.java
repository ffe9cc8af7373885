package dev.holdfast.tests;

import dev.holdfast.local.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What workers tell in their logs of the parts of buckets that they have stored: of each run that came to its end. */
record StoredParts(Map<String, List<Part>> byJob) {

    private static final Pattern STORED =
            Pattern.compile("part of a bucket stored jobId=(\\S+) .*filesRead=(\\d+) bytesRead=(\\d+)");

    record Part(long filesRead, long bytesRead) {}

    static StoredParts of(Stack stack, Set<String> jobs) throws IOException {
        var stored = new HashMap<String, List<Part>>();
        for (var worker : stack.workers()) {
            for (var line : Files.readAllLines(worker.log())) {
                var told = STORED.matcher(line);
                if (!told.find() || !jobs.contains(told.group(1))) continue;
                stored.computeIfAbsent(told.group(1), _ -> new ArrayList<>())
                        .add(new Part(Long.parseLong(told.group(2)), Long.parseLong(told.group(3))));
            }
        }
        return new StoredParts(stored);
    }

    long filesRead() {
        return byJob.values().stream()
                .flatMap(List::stream)
                .mapToLong(Part::filesRead)
                .sum();
    }

    long bytesRead() {
        return byJob.values().stream()
                .flatMap(List::stream)
                .mapToLong(Part::bytesRead)
                .sum();
    }

    /** Parts that were stored by more than one run. */
    long repeated() {
        return byJob.values().stream().filter(runs -> runs.size() > 1).count();
    }
}
