package dev.holdfast.tests.faults;

import dev.holdfast.tests.faults.CheckReport.Verdict;
import dev.holdfast.tests.faults.Recorder.Answered;
import dev.holdfast.tests.faults.Recorder.Death;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The part of the checker that looks at when and how often jobs have run. */
record TimeCheck(Recorder recorder, Map<String, JobRow> rows) {

    private static final Set<String> SERVES_NO_JOBS = Set.of("ingest", "notify");

    Verdict boundedRecovery(Duration bound) {
        var violations = new ArrayList<String>();
        var recoveries = new ArrayList<Double>();
        for (var row : rows.values()) {
            for (var seconds : recoveries(row)) {
                recoveries.add(seconds);
                if (seconds * 1_000 > bound.toMillis()) {
                    violations.add("%s was without a run for %.1f s: %s".formatted(row.id(), seconds, row.history()));
                }
            }
        }
        return new Verdict(
                "I6 bounded recovery",
                "%d deaths, %d take-overs, from death to claim: %s (bound %d s)"
                        .formatted(recorder.deaths().size(), recoveries.size(), spread(recoveries), bound.toSeconds()),
                violations);
    }

    /** From the first death after a claim to the take-over that followed: whose death it was, nobody has noted. */
    private List<Double> recoveries(JobRow row) {
        var recoveries = new ArrayList<Double>();
        for (var i = 1; i < row.history().size(); i++) {
            if (!row.history().get(i).isTakeOver()) continue;
            var claimed = row.history().get(i - 1).at();
            var takenOver = row.history().get(i).at();
            recorder.deaths().stream()
                    .filter(death -> !SERVES_NO_JOBS.contains(death.process()))
                    .map(Death::at)
                    .filter(death -> death.isAfter(claimed) && death.isBefore(takenOver))
                    .findFirst()
                    .ifPresent(death -> recoveries.add(seconds(death, takenOver)));
        }
        return recoveries;
    }

    Verdict honestAttempts() {
        var violations = new ArrayList<String>();
        for (var row : rows.values()) {
            if (recorder.troubleAllowed()) continue;
            var expected = recorder.expected(row.id());
            if (row.attempt() != expected.attempts() || row.crashes() > expected.crashes())
                violations.add("%s spent %d attempts, not %d, and %d crashes: %s"
                        .formatted(row.id(), row.attempt(), expected.attempts(), row.crashes(), row.history()));
        }
        var crashes = rows.values().stream().mapToInt(JobRow::crashes).sum();
        var attempts = rows.values().stream()
                .collect(Collectors.groupingBy(JobRow::attempt, TreeMap::new, Collectors.counting()));
        return new Verdict(
                "I7 honest attempts",
                "jobs by attempts %s, %d crashes are counted apart".formatted(attempts, crashes),
                violations);
    }

    /** Figures only: what a wait may be depends on the load, so the test that makes noise compares. */
    Verdict waits() {
        var waits = new ArrayList<Double>();
        for (var row : rows.values()) row.startedAt().ifPresent(start -> waits.add(seconds(row.createdAt(), start)));
        var answers = recorder.answers().stream()
                .filter(Answered::promised)
                .map(answer -> seconds(answer.askedAt(), answer.at()))
                .toList();
        return new Verdict(
                "I8 isolation",
                "wait for the first run: %s; for the 202: %s".formatted(spread(waits), spread(answers)),
                List.of());
    }

    /** Median, 99th percentile and maximum. */
    static String spread(List<Double> seconds) {
        if (seconds.isEmpty()) return "none";
        var sorted = seconds.stream().sorted().toList();
        return "median %.1f s, p99 %.1f s, max %.1f s"
                .formatted(sorted.get(sorted.size() / 2), percentile(seconds, 0.99), sorted.getLast());
    }

    static double percentile(List<Double> seconds, double part) {
        var sorted = seconds.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, (int) Math.floor(part * sorted.size())));
    }

    static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1_000.0;
    }
}
