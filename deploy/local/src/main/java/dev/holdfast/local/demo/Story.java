package dev.holdfast.local.demo;

import dev.holdfast.local.launcher.Report;
import java.io.PrintStream;
import tools.jackson.databind.JsonNode;

/** Prints what the demo does, plainly. */
final class Story {
    private final PrintStream out;
    private int steps;

    Story(PrintStream out) {
        this.out = out;
    }

    void step(String title) {
        steps++;
        out.println();
        out.println(steps + ". " + title);
    }

    void line(String text) {
        out.println("   " + text);
    }

    String bytes(long bytes) {
        return Report.bytes(bytes);
    }

    /** Its way through the states, then its result. */
    void job(JsonNode job) {
        line("job %s %s after %s s in the queue and %s s of work"
                .formatted(
                        job.path("id").asString(""),
                        job.path("state").asString(""),
                        job.path("queueSeconds"),
                        job.path("runSeconds")));
        for (JsonNode entry : job.path("history")) {
            line("  %-30s %-10s %s"
                    .formatted(
                            entry.path("at").asString(""),
                            entry.path("state").asString(""),
                            entry.path("note").asString("")));
        }
        line("result %s".formatted(job.path("result")));
    }

    void mail(JsonNode mail) {
        out.println();
        line("To:      %s".formatted(mail.path("to")));
        line("Subject: %s".formatted(mail.path("subject").asString("")));
        mail.path("text").asString("").lines().forEach(text -> line("| " + text));
    }

    void failed(String step, String what) {
        out.println();
        out.println("FAILED at: " + step);
        out.println(what);
    }
}
