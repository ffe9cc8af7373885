package dev.holdfast.tests.tracing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A trace for people: each span below the one that it is part of, with when it began and how long it took. */
public final class Tree {

    /** Attributes that say what the names of spans do not. */
    private static final List<String> SHOWN = List.of(
            "http.response.status_code",
            "aws.dynamodb.table_names",
            "aws.s3.bucket",
            "holdfast.message.receives",
            "holdfast.job.attempt",
            "holdfast.job.outcome",
            "holdfast.waited.after",
            "holdfast.disposition",
            "holdfast.mail.state",
            "error.type");

    private final List<Seen> spans;
    private final Instant begun;
    private final StringBuilder page = new StringBuilder();

    private Tree(List<Seen> spans) {
        this.spans = spans.stream().sorted(Comparator.comparing(Seen::begin)).toList();
        this.begun = this.spans.getFirst().begin();
    }

    /** The parts of the span with the id {@code top}, itself seen or not. */
    public static String of(List<Seen> spans, String top) {
        var tree = new Tree(spans);
        tree.page.append("%9s %9s  %-7s%n".formatted("from ms", "took ms", "service"));
        tree.write(top, "");
        return tree.page.toString();
    }

    private void write(String parent, String indent) {
        for (var span : spans) {
            if (!span.parent().equals(parent)) continue;
            page.append("%,9.1f %,9.1f  %-7s%s%s%s%n"
                    .formatted(
                            millis(Duration.between(begun, span.begin())),
                            millis(span.took()),
                            span.service().replace("holdfast-", ""),
                            indent,
                            span.name(),
                            attributes(span)));
            write(span.id(), indent + "  ");
        }
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private static String attributes(Seen span) {
        var shown = SHOWN.stream()
                .filter(span.attributes()::containsKey)
                .map(name -> name.replaceFirst(".*\\.", "") + "=" + span.attribute(name))
                .collect(Collectors.joining("  "));
        return String.format(Locale.ROOT, "%s%s", shown.isEmpty() ? "" : "  " + shown, span.failed() ? "  FAILED" : "");
    }
}
