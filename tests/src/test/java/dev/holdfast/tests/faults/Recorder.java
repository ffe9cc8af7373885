package dev.holdfast.tests.faults;

import dev.holdfast.job.JobState;
import dev.holdfast.tests.Api;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Remembers every answer that a client got, and every death of a process: the history that a checker judges. */
final class Recorder {

    private final Api api;
    private final List<Answered> answers = new CopyOnWriteArrayList<>();
    private final List<Death> deaths = new CopyOnWriteArrayList<>();
    private final Map<String, Expected> expected = new ConcurrentHashMap<>();
    private volatile boolean trouble;

    Recorder(Api api) {
        this.api = api;
    }

    /**
     * An answer to a submission.
     *
     * @param status 0 = there was no answer
     * @param id the job's, if the answer names one
     * @param retryAfter the header of that name; empty = none
     */
    record Answered(
            Registration request,
            Optional<String> key,
            int status,
            Optional<String> id,
            String retryAfter,
            Instant askedAt,
            Instant at) {

        /** Whether the client was promised that the job is kept. */
        boolean promised() {
            return status == 202 || status == 200;
        }
    }

    /** A process fell silent: killed, or frozen. */
    record Death(String process, Instant at) {}

    /** How a job is to end. */
    record Expected(JobState state, int attempts, int crashes) {
        static final Expected SUCCESS = new Expected(JobState.SUCCEEDED, 1, Integer.MAX_VALUE);
    }

    /** Submits a job. A service that is away gives status 0. */
    Answered submit(Registration request) {
        return submit(request, Optional.empty());
    }

    Answered submit(Registration request, String key) {
        return submit(request, Optional.of(key));
    }

    private Answered submit(Registration request, Optional<String> key) {
        var askedAt = Instant.now();
        var headers = key.map(given -> new String[] {"Idempotency-Key", given}).orElseGet(() -> new String[0]);
        Answered answered;
        try {
            var answer = api.post("/v1/jobs", request.json(), headers);
            var id = Optional.of(answer.body().path("id").asText()).filter(text -> !text.isEmpty());
            answered = new Answered(
                    request, key, answer.status(), id, answer.header("Retry-After"), askedAt, Instant.now());
        } catch (UncheckedIOException away) {
            answered = new Answered(request, key, 0, Optional.empty(), "", askedAt, Instant.now());
        }
        answers.add(answered);
        return answered;
    }

    /** Submits a job that must be taken, and returns its id. */
    String accepted(Registration request) {
        var answer = submit(request);
        if (answer.status() != 202) throw new AssertionError("not accepted: " + answer);
        return answer.id().orElseThrow();
    }

    void died(String process) {
        deaths.add(new Death(process, Instant.now()));
    }

    /** Says that a job is to end otherwise than by succeeding at its first attempt. */
    void expect(String id, Expected end) {
        expected.put(id, end);
    }

    /**
     * Says that anything may happen to anybody: that calls fail, which spends attempts, and that a job loses two
     * workers, which quarantines it.
     */
    void allowTrouble() {
        trouble = true;
    }

    boolean troubleAllowed() {
        return trouble;
    }

    /** How often a process has died. */
    long deaths(String process) {
        return deaths.stream().filter(death -> death.process().equals(process)).count();
    }

    Expected expected(String id) {
        return expected.getOrDefault(id, Expected.SUCCESS);
    }

    List<Answered> answers() {
        return List.copyOf(answers);
    }

    List<Death> deaths() {
        return List.copyOf(deaths);
    }

    /** The ids of all jobs that were promised. */
    Set<String> promised() {
        return answers.stream()
                .filter(Answered::promised)
                .flatMap(answer -> answer.id().stream())
                .collect(Collectors.toSet());
    }
}
