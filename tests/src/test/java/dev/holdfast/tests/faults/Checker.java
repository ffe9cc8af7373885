package dev.holdfast.tests.faults;

import dev.holdfast.tests.faults.CheckReport.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Judges a history when all is over: waits until every promised job has ended and the queues are empty, then reads the
 * tables, the bucket and the mailbox, and says of each invariant whether it held.
 */
final class Checker {

    /** An event whose double is being worked on, and a message that lost its job, come again after a minute. */
    private static final Duration EMPTY = Duration.ofSeconds(90);

    private final FaultHouse faults;
    private final Recorder recorder;
    private final Duration recoveryBound;
    private final Tables tables;
    private Map<String, JobRow> rows = Map.of();

    private Checker(FaultHouse faults, Recorder recorder, Duration recoveryBound, Tables tables) {
        this.faults = faults;
        this.recorder = recorder;
        this.recoveryBound = recoveryBound;
        this.tables = tables;
    }

    /** Checks with the bound on recovery that a calm house keeps. */
    static CheckReport check(FaultHouse faults, Recorder recorder, Duration bound) {
        return check(faults, recorder, bound, FaultHouse.RECOVERY);
    }

    /**
     * Waits at most {@code bound} for the end of all jobs, then for empty queues, and judges.
     *
     * @param recoveryBound how long a job may be without a run after the death of its worker
     */
    static CheckReport check(FaultHouse faults, Recorder recorder, Duration bound, Duration recoveryBound) {
        try (var tables = new Tables(faults.house)) {
            return new Checker(faults, recorder, recoveryBound, tables).judge(bound);
        }
    }

    private CheckReport judge(Duration bound) {
        var loss = noLoss(bound);
        var drops = noSilentDrop();
        var effects = new EffectCheck(faults, recorder, tables, rows);
        var times = new TimeCheck(recorder, rows);
        return new CheckReport(List.of(
                loss,
                effects.oneWinner(),
                effects.effectsOnce(),
                sameKeySameJob(),
                drops,
                times.boundedRecovery(recoveryBound),
                times.honestAttempts(),
                times.waits()));
    }

    private Verdict noLoss(Duration bound) {
        var promised = recorder.promised();
        var began = Instant.now();
        try {
            Awaitility.await()
                    .atMost(bound)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        rows = tables.jobs(promised);
                        return rows.size() == promised.size()
                                && rows.values().stream()
                                        .allMatch(row -> row.state().isFinal());
                    });
        } catch (ConditionTimeoutException notAll) {
            // the verdict names them
        }
        var violations = new ArrayList<String>();
        for (var id : promised) {
            var row = rows.get(id);
            if (row == null) violations.add(id + " was promised, and is not there");
            else if (!row.state().isFinal()) violations.add(id + " is still " + row.state() + ": " + row.history());
            else if (row.ends() != 1) violations.add(id + " has ended " + row.ends() + " times: " + row.history());
            else if (row.state() != recorder.expected(id).state()
                    && !(recorder.troubleAllowed() && row.isQuarantined()))
                violations.add(id + " ended as " + row.state() + ": " + row.history());
        }
        var states = rows.values().stream()
                .collect(Collectors.groupingBy(JobRow::state, TreeMap::new, Collectors.counting()));
        return new Verdict(
                "I1 no loss",
                "%d promised of %d asked, %s (%d quarantined), the last %.1f s after asking was over"
                        .formatted(
                                promised.size(),
                                recorder.answers().size(),
                                states,
                                rows.values().stream()
                                        .filter(JobRow::isQuarantined)
                                        .count(),
                                TimeCheck.seconds(began, Instant.now())),
                violations);
    }

    private Verdict sameKeySameJob() {
        var violations = new ArrayList<String>();
        var ids = new HashMap<String, Set<String>>();
        for (var answer : recorder.answers()) {
            if (!answer.promised()) continue;
            answer.key()
                    .ifPresent(key -> ids.computeIfAbsent(key + " " + answer.request(), given -> new TreeSet<>())
                            .add(answer.id().orElseThrow()));
        }
        ids.forEach((key, jobs) -> {
            if (jobs.size() > 1) violations.add(key + " got several jobs: " + jobs);
        });
        var keyed = recorder.answers().stream()
                .filter(answer -> answer.key().isPresent())
                .count();
        return new Verdict("I4 same key, same job", "%d keys in %d requests".formatted(ids.size(), keyed), violations);
    }

    private Verdict noSilentDrop() {
        try {
            Awaitility.await()
                    .atMost(EMPTY)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> tables.leftOver().isEmpty());
        } catch (ConditionTimeoutException notEmpty) {
            // the verdict names what is left
        }
        var violations = new ArrayList<String>();
        var left = tables.leftOver();
        left.forEach((queue, messages) -> violations.add(queue + " holds " + messages + " messages"));
        var letters = tables.deadLetters().stream()
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        // An answer that arrives damaged may look like garbage, which is kept and told: that is no silent drop.
        if (!recorder.troubleAllowed())
            letters.forEach((why, number) -> violations.add(number + " dead letters: " + why));
        return new Verdict(
                "I5 no silent drop", "left on queues: %s; dead letters: %s".formatted(left, letters), violations);
    }
}
