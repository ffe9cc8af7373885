package dev.holdfast.local.demo;

import dev.holdfast.local.launcher.Report;
import java.io.PrintStream;
import tools.jackson.databind.JsonNode;

/** Prints what the demo does, plainly; bold headings if the output is a terminal. */
final class Story {
    private final PrintStream out;
    private final boolean terminal;
    private int steps;

    Story(PrintStream out) {
        this.out = out;
        var console = System.console();
        this.terminal = console != null && console.isTerminal() && !System.getenv().containsKey("NO_COLOR");
    }

    void step(String title) {
        steps++;
        out.println();
        out.println(bold(steps + ". " + title));
    }

    void line(String format, Object... values) {
        out.println("   " + format.formatted(values));
    }

    String bytes(long bytes) {
        return Report.bytes(bytes);
    }

    /** Its way through the states, then its result. */
    void job(JsonNode job) {
        line(
                "job %s %s after %s s in the queue and %s s of work",
                job.path("id").asString(""),
                job.path("state").asString(""),
                job.path("queueSeconds"),
                job.path("runSeconds"));
        for (JsonNode entry : job.path("history")) {
            line(
                    "  %-30s %-10s %s",
                    entry.path("at").asString(""),
                    entry.path("state").asString(""),
                    entry.path("note").asString(""));
        }
        line("result %s", job.path("result"));
    }

    void mail(JsonNode mail) {
        out.println();
        line("To:      %s", mail.path("to"));
        line("Subject: %s", mail.path("subject").asString(""));
        mail.path("text").asString("").lines().forEach(text -> line("| %s", text));
    }

    void failed(String step, String what) {
        out.println();
        out.println(bold("FAILED at: " + step));
        out.println(what);
    }

    private String bold(String text) {
        return terminal ? "\u001b[1m" + text + "\u001b[0m" : text;
    }
}
