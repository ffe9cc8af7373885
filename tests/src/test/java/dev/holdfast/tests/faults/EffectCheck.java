package dev.holdfast.tests.faults;

import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.tests.faults.CheckReport.Verdict;
import dev.holdfast.users.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The part of the checker that looks at what jobs have done: in tables, in the bucket, in the mailbox. */
record EffectCheck(FaultHouse faults, Recorder recorder, Tables tables, Map<String, JobRow> rows) {

    private static final Duration POLL = Duration.ofSeconds(1);

    Verdict oneWinner() {
        var violations = new ArrayList<String>();
        var effects = tables.effects();
        effects.forEach((id, log) -> {
            var row = rows.get(id);
            if (row == null) return;
            if (IntStream.range(1, log.size())
                    .anyMatch(next -> log.get(next).fence() < log.get(next - 1).fence())) {
                violations.add(id + " has effects of a lost run: " + log);
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

    Verdict effectsOnce() {
        var violations = new ArrayList<String>();
        var users = tables.users();
        var copies =
                tables.copies().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        var succeeded = 0;
        var effects = 0;
        for (var row : rows.values()) {
            var user = User.idFor(JobId.of(row.id()));
            if (row.isQuarantined()) continue; // what a run has done that died with its worker stays done
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
                "%d users of %d succeeded jobs, %s".formatted(effects, succeeded, mails),
                violations);
    }

    /** Steps may be repeated by a later run, never within one; a job that succeeded has done all of them. */
    private void stepsOnce(String id, List<EffectLog.Entry> log, List<String> violations) {
        var row = rows.get(id);
        if (row == null || row.state() != JobState.SUCCEEDED) return;
        if (Set.copyOf(log).size() != log.size()) violations.add(id + " did a step twice in one run: " + log);
    }

    /**
     * One mail for each job and recipient, which may come a little later than the end of their job; and one more at
     * most where a notifier has died, because SES cannot know that it is asked again.
     */
    private String mails(List<String> violations) {
        var wanted = new HashMap<String, Long>();
        requests().forEach((id, request) -> {
            if (rows.containsKey(id) && rows.get(id).state() == JobState.SUCCEEDED) {
                for (var recipient : request.audience()) wanted.merge(recipient, 1L, Long::sum);
            }
        });
        var sent = sentTo(wanted.keySet());
        var spare = recorder.deaths("notify") > 0 ? 1 : 0;
        var mails = 0L;
        var more = 0L;
        for (var recipient : wanted.keySet()) {
            var number = sent.getOrDefault(recipient, 0L);
            var surplus = number - wanted.get(recipient);
            mails += number;
            more += Math.max(0, surplus);
            if (surplus < 0 || surplus > spare) {
                violations.add("%s got %d mails for %d jobs".formatted(recipient, number, wanted.get(recipient)));
            }
        }
        return mails + " mails, " + more + " of them more than one";
    }

    /** Waits beyond a claim that a dead notifier has left. */
    private Map<String, Long> sentTo(Set<String> recipients) {
        var until = Instant.now().plusSeconds(75);
        while (true) {
            var sent = faults.house.mailbox.recipients();
            if (sent.keySet().containsAll(recipients) || Instant.now().isAfter(until)) return sent;
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private Map<String, Registration> requests() {
        var requests = new HashMap<String, Registration>();
        for (var answer : recorder.answers()) {
            if (answer.promised()) requests.put(answer.id().orElseThrow(), answer.request());
        }
        return requests;
    }
}
