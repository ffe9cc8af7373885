package dev.holdfast.tests.fuzz;

import dev.holdfast.tests.RawHttp.Answer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Says what is wrong with answers, and counts them. All threads of a run share it. */
final class Judge {

    /** What an answer would tell of the inside. */
    private static final Pattern INSIDE = Pattern.compile(
            "Exception|\\tat |\\bat [a-z]+\\.[a-z.]+\\(|\\b(?:java|javax|jakarta|io\\.vertx|io\\.netty|io\\.quarkus|org\\.jboss|software\\.amazon|com\\.fasterxml|dev\\.holdfast)\\.[a-z]");

    private static final int SHOWN = 40;

    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final Map<String, String> faults = new TreeMap<>();
    private int count;
    private int silent;

    synchronized void judge(Request request, Answer answer) {
        count++;
        statuses.merge(answer.status(), 1, Integer::sum);
        fault(request, answer).ifPresent(fault -> note(fault, request, answer.body()));
    }

    /** There was no answer. */
    synchronized void judgeSilence(Request request, String how) {
        count++;
        silent++;
        if (request.framed()) note("no answer: " + how, request, "");
    }

    private void note(String fault, Request request, String body) {
        if (faults.size() < SHOWN) {
            faults.putIfAbsent(fault, request + "\n    -> " + body.substring(0, Math.min(400, body.length())));
        }
    }

    private static Optional<String> fault(Request request, Answer answer) {
        var status = answer.status();
        var where = status + " " + request.method() + " " + request.target().replaceAll("\\?.*", "");
        if (status >= 500) return Optional.of("server error " + where);
        if (INSIDE.matcher(answer.body()).find()) return Optional.of("tells of the inside " + where);
        if (status < 400 || request.method().equals("HEAD")) return Optional.empty();
        var problem = answer.json();
        var isProblem = answer.header("content-type").startsWith("application/problem+json")
                && problem.path("type").asText().startsWith("/problems/")
                && problem.path("status").asInt() == status
                && problem.hasNonNull("detail");
        return isProblem ? Optional.empty() : Optional.of("no problem " + where);
    }

    synchronized boolean isClean() {
        return faults.isEmpty();
    }

    synchronized int count() {
        return count;
    }

    synchronized String report() {
        var report = new StringBuilder(
                "%d requests; statuses %s; %d without an answer%n".formatted(count, statuses, silent));
        faults.forEach((fault, example) -> report.append("FAULT ")
                .append(fault)
                .append("\n    ")
                .append(example)
                .append('\n'));
        return report.toString();
    }
}
