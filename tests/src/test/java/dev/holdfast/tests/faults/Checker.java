package dev.holdfast.tests.faults;

import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.tests.faults.CheckReport.Verdict;
import dev.holdfast.tests.faults.Recorder.Answered;
import dev.holdfast.tests.faults.Recorder.Death;
import dev.holdfast.users.User;
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

    private final FaultHouse faults;
    private final Recorder recorder;
    private final Duration recoveryBound;
    private final Tables tables;
    private final Map<String, Registration> requests = new HashMap<>();
    private Map<String, JobRow> rows = Map.of();

    private Checker(FaultHouse faults, Recorder recorder, Duration recoveryBound, Tables tables) {
        this.faults = faults;
        this.recorder = recorder;
        this.recoveryBound = recoveryBound;
        this.tables = tables;
        for (var answer : recorder.answers()) {
            if (answer.promised()) requests.put(answer.id().orElseThrow(), answer.request());
        }
    }

    /** Checks with the bound on recovery that a calm house keeps. */
    static CheckReport check(FaultHouse faults, Recorder recorder, Duration bound) {
        return check(faults, recorder, bound, FaultHouse.RECOVERY);
    }

    /**
     * Waits at most {@code bound} for the end of all jobs and as long for empty queues, then judges.
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
        var drops = noSilentDrop(bound);
        return new CheckReport(List.of(
                loss,
                oneWinner(),
                effectsOnce(),
                sameKeySameJob(),
                drops,
                boundedRecovery(),
                honestAttempts(),
                waits()));
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
            else if (row.state() != recorder.expected(id).state())
                violations.add(id + " ended as " + row.state() + ": " + row.history());
        }
        var states = rows.values().stream()
                .collect(Collectors.groupingBy(JobRow::state, TreeMap::new, Collectors.counting()));
        return new Verdict(
                "I1 no loss",
                "%d promised of %d asked, %s, the last %.1f s after asking was over"
                        .formatted(promised.size(), recorder.answers().size(), states, seconds(began, Instant.now())),
                violations);
    }

    private Verdict oneWinner() {
        var violations = new ArrayList<String>();
        var effects = tables.effects();
        effects.forEach((id, log) -> {
            var row = rows.get(id);
            if (row == null) return;
            for (var i = 1; i < log.size(); i++) {
                if (log.get(i).fence() < log.get(i - 1).fence())
                    violations.add(id + " has an effect of a lost run: " + log);
            }
            if (log.getLast().fence() > row.fence())
                violations.add(id + " ended under fence " + row.fence() + ": " + log);
        });
        for (var notification : tables.notifications()) {
            var row = rows.get(notification.job());
            if (row != null && row.fence() != notification.fence()) {
                violations.add("%s ended under fence %d, its event under %d"
                        .formatted(row.id(), row.fence(), notification.fence()));
            }
        }
        var takenOver = rows.values().stream().filter(row -> row.fence() > 1).count();
        return new Verdict(
                "I2 one winner",
                "%d jobs had more than one run, %d effect logs were read".formatted(takenOver, effects.size()),
                violations);
    }

    private Verdict effectsOnce() {
        var violations = new ArrayList<String>();
        var users = tables.users();
        var copies =
                tables.copies().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        var succeeded = 0;
        var effects = 0;
        for (var row : rows.values()) {
            var user = User.idFor(JobId.of(row.id()));
            var wanted = row.state() == JobState.SUCCEEDED ? 1 : 0;
            succeeded += wanted;
            if (users.contains(user)) effects++;
            if (users.contains(user) != (wanted == 1))
                violations.add(row.id() + " is " + row.state() + ", user there: " + users.contains(user));
            if (copies.getOrDefault(user, 0L) != wanted)
                violations.add(row.id() + " has " + copies.get(user) + " copies");
        }
        var mails = mails(violations);
        tables.effects().forEach((id, log) -> stepsOnce(id, log, violations));
        return new Verdict(
                "I3 effects once",
                "%d users of %d succeeded jobs, %d mails".formatted(effects, succeeded, mails),
                violations);
    }

    /** Steps may be repeated by a later run, never within one; a job that succeeded has done all of them. */
    private void stepsOnce(String id, List<EffectLog.Entry> log, List<String> violations) {
        var row = rows.get(id);
        if (row == null || row.state() != JobState.SUCCEEDED) return;
        if (Set.copyOf(log).size() != log.size()) violations.add(id + " did a step twice in one run: " + log);
    }

    /** Exactly one mail for each job and recipient; mails may come a little later than the end of their job. */
    private long mails(List<String> violations) {
        var wanted = new HashMap<String, Long>();
        requests.forEach((id, request) -> {
            var row = rows.get(id);
            if (row == null || row.state() != JobState.SUCCEEDED) return;
            for (var recipient : request.audience()) wanted.merge(recipient, 1L, Long::sum);
        });
        var sent = Map.<String, Long>of();
        var until = Instant.now().plusSeconds(75); // beyond a claim that a dead notifier has left
        do {
            sent = faults.house.mailbox.all().stream()
                    .map(mail -> mail.path("to").path(0).asText())
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        } while (!sent.keySet().containsAll(wanted.keySet()) && Instant.now().isBefore(until));
        var mails = 0L;
        for (var recipient : wanted.keySet()) {
            var number = sent.getOrDefault(recipient, 0L);
            mails += number;
            if (!number.equals(wanted.get(recipient))) {
                violations.add("%s got %d mails for %d jobs".formatted(recipient, number, wanted.get(recipient)));
            }
        }
        return mails;
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

    private Verdict noSilentDrop(Duration bound) {
        try {
            Awaitility.await()
                    .atMost(bound)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> tables.leftOver().isEmpty());
        } catch (ConditionTimeoutException notEmpty) {
            // the verdict names what is left
        }
        var violations = new ArrayList<String>();
        tables.leftOver().forEach((queue, messages) -> violations.add(queue + " holds " + messages + " messages"));
        return new Verdict("I5 no silent drop", "queues and dead-letter queues are looked at", violations);
    }

    private Verdict boundedRecovery() {
        var violations = new ArrayList<String>();
        var recoveries = new ArrayList<Double>();
        for (var row : rows.values()) {
            for (var i = 1; i < row.history().size(); i++) {
                if (!row.history().get(i).isTakeOver()) continue;
                var claimed = row.history().get(i - 1).at();
                var takenOver = row.history().get(i).at();
                recorder.deaths().stream()
                        .map(Death::at)
                        .filter(death -> death.isAfter(claimed) && death.isBefore(takenOver))
                        .findFirst()
                        .map(death -> seconds(death, takenOver))
                        .ifPresent(recoveries::add);
            }
        }
        recoveries.stream()
                .filter(seconds -> seconds * 1_000 > recoveryBound.toMillis())
                .forEach(seconds -> violations.add("a job was without a run for %.1f s".formatted(seconds)));
        return new Verdict(
                "I6 bounded recovery",
                "%d deaths, %d take-overs, from death to claim: %s (bound %d s)"
                        .formatted(
                                recorder.deaths().size(),
                                recoveries.size(),
                                spread(recoveries),
                                recoveryBound.toSeconds()),
                violations);
    }

    private Verdict honestAttempts() {
        var violations = new ArrayList<String>();
        for (var row : rows.values()) {
            var expected = recorder.expected(row.id());
            if (row.attempt() != expected.attempts() || row.crashes() > expected.crashes())
                violations.add("%s spent %d attempts, not %d, and %d crashes: %s"
                        .formatted(row.id(), row.attempt(), expected.attempts(), row.crashes(), row.history()));
        }
        var crashes = rows.values().stream().mapToInt(JobRow::crashes).sum();
        return new Verdict("I7 honest attempts", "%d crashes are counted apart".formatted(crashes), violations);
    }

    /** Figures only: what a wait may be depends on the load, so the test that makes noise compares. */
    private Verdict waits() {
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

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1_000.0;
    }
}
