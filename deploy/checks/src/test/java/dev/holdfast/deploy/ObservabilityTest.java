package dev.holdfast.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Dashboards and alerts are valid, name metrics that exist, and say what to do. */
class ObservabilityTest {

    private static final Path FOLDER = Tools.ROOT.resolve("deploy/observability");

    /** Metrics of the frameworks; those of Holdfast are in docs/metrics.md. PrometheusIT sees them on a live page. */
    private static final Set<String> FRAMEWORKS =
            Set.of("up", "http_server_requests_seconds_count", "jvm_memory_used_bytes");

    /** A word that is followed neither by a bracket of a call nor by a label's operator, outside of quotes. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    private static final Set<String> WORDS = Set.of(
            "by", "without", "on", "ignoring", "unless", "or", "and", "offset", "bool", "group_left", "group_right");

    @Test
    void rulesAreValidAndEachAlertFiresAndRests() {
        Tools.need("promtool", "the alert rules");
        var folder = FOLDER.resolve("prometheus");

        assertThat(Tools.output(folder, Map.of(), List.of("promtool", "check", "rules", "rules.yml")))
                .contains("SUCCESS");
        assertThat(Tools.output(folder, Map.of(), List.of("promtool", "test", "rules", "tests.yml")))
                .contains("SUCCESS");
    }

    @Test
    void everyAlertHasATestAndARunbook() {
        var tests = Tools.read("deploy/observability/prometheus/tests.yml");
        var operations = Tools.read("docs/operations.md");
        for (var alert : alerts()) {
            assertThat(tests).as("a test of " + alert).contains("alertname: " + alert);
            assertThat(operations).as("a runbook of " + alert).contains("\n### " + alert + "\n");
            assertThat(Tools.read("deploy/observability/prometheus/rules.yml"))
                    .contains("runbook: docs/operations.md#" + alert.toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void alarmsOfCloudWatchNameRunbooksThatExist() {
        var operations = Tools.read("docs/operations.md");
        var named = Pattern.compile("Runbook: docs/operations.md, (\\w+)\\.")
                .matcher(Tools.read("deploy/terraform/modules/holdfast/alarms.tf"))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(named).hasSize(4).allSatisfy(name -> assertThat(operations).contains("\n### " + name + "\n"));
    }

    @Test
    void expressionsNameMetricsThatExist() {
        var known = metrics();
        var named = new TreeMap<String, Set<String>>();
        expressions().forEach((where, expression) -> named.put(where, new TreeSet<>(names(expression))));

        assertThat(named).hasSizeGreaterThan(40);
        named.forEach((where, names) -> assertThat(known).as(where).containsAll(names));
    }

    @Test
    void misspeltMetricIsSeen() {
        assertThat(names("sum by (queue) (rate(dead_letter_total{queue=~\"a b\"}[5m])) > 0 and on (type) slots"))
                .containsExactlyInAnyOrder("dead_letter_total", "slots");
        assertThat(metrics()).doesNotContain("dead_letter_total");
    }

    @Test
    void expressionsOfDashboardsAreValid() throws IOException {
        Tools.need("promtool", "the dashboards' expressions");
        var rules = new StringBuilder("groups:\n  - name: dashboards\n    rules:\n");
        var number = 0;
        for (var expression : dashboards().values()) {
            rules.append("      - record: dashboards:expression:%d\n        expr: %s\n"
                    .formatted(++number, Json.of(expression.replace("$type", "backup"))));
        }
        var file = Files.createTempFile("dashboards", ".yml");
        Files.writeString(file, rules);

        assertThat(Tools.output(FOLDER, Map.of(), List.of("promtool", "check", "rules", file.toString())))
                .contains(number + " rules found");
        Files.delete(file);
    }

    @Test
    void dashboardsCanBeToldApart() throws IOException {
        var ids = new TreeSet<String>();
        for (var dashboard : files()) {
            var tree = Json.parse(Files.readString(dashboard));
            ids.add(Json.text(tree, "uid"));
            assertThat(Json.list(tree, "panels")).as(dashboard.toString()).hasSizeGreaterThan(5);
        }
        assertThat(ids).containsExactly("holdfast-backups", "holdfast-cost", "holdfast-job-type", "holdfast-overview");
    }

    private static List<String> alerts() {
        var alerts = new ArrayList<String>();
        for (var rule : rules()) {
            if (!Json.text(rule, "alert").isEmpty()) alerts.add(Json.text(rule, "alert"));
        }
        assertThat(alerts).hasSizeGreaterThan(10);
        return alerts;
    }

    private static List<JsonElement> rules() {
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        var tree = Json.of(yaml.<Object>load(Tools.read("deploy/observability/prometheus/rules.yml")));
        return Json.list(tree, "groups").stream()
                .flatMap(group -> Json.list(group, "rules").stream())
                .toList();
    }

    private static Map<String, String> expressions() {
        var all = new TreeMap<>(dashboards());
        for (var rule : rules()) {
            all.put("rule " + Json.text(rule, "alert") + Json.text(rule, "record"), Json.text(rule, "expr"));
        }
        return all;
    }

    private static Map<String, String> dashboards() {
        var all = new TreeMap<String, String>();
        try {
            for (var dashboard : files()) {
                var tree = Json.parse(Files.readString(dashboard));
                for (var panel : Json.list(tree, "panels")) {
                    for (var target : Json.list(panel, "targets")) {
                        all.put(
                                Json.text(tree, "title") + " / " + Json.text(panel, "title") + " / "
                                        + Json.text(target, "refId"),
                                Json.text(target, "expr"));
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all;
    }

    private static List<Path> files() throws IOException {
        try (var files = Files.list(FOLDER.resolve("grafana/dashboards"))) {
            return files.sorted().toList();
        }
    }

    /** The metrics that an expression names. */
    private static List<String> names(String expression) {
        var bare = expression
                .replaceAll("\"[^\"]*\"", "\"\"")
                .replaceAll("\\{[^}]*}", "{}")
                .replaceAll("\\[[^]]*]", "")
                .replaceAll("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)", "")
                .replaceAll("offset\\s+\\w+", "");
        return NAME.matcher(bare)
                .results()
                .filter(match -> !bare.substring(match.end()).stripLeading().startsWith("("))
                .map(match -> match.group())
                .filter(name -> !WORDS.contains(name))
                .toList();
    }

    /** All that is documented: with the endings that times and summaries have, and what the rules record. */
    private static Set<String> metrics() {
        var known = new TreeSet<>(FRAMEWORKS);
        Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\|")
                .matcher(Tools.read("docs/metrics.md"))
                .results()
                .map(row -> row.group(1))
                .forEach(name -> {
                    known.add(name);
                    if (!name.endsWith("_total")) known.addAll(List.of(name + "_count", name + "_sum", name + "_max"));
                });
        for (var rule : rules()) known.add(Json.text(rule, "record"));
        return known;
    }
}
