package dev.holdfast.tests.scaling;

import java.util.LinkedHashMap;
import java.util.Map;

/** The tables of docs/scaling.md. */
final class ScalingReport {

    /** As in deploy/kubernetes: four slots a pod, a message for each, up to 50 pods, down to none. */
    static final ScalingSettings BULK = new ScalingSettings(4, 4, 0, 50, 0, 300, 25, 840, 600);

    /** As in deploy/kubernetes: 32 slots a pod, two messages for each, 2 to 40 pods. */
    static final ScalingSettings QUICK = new ScalingSettings(32, 64, 2, 40, 0, 300, 100, 90, 300);

    private ScalingReport() {}

    /** What else might have been chosen for backups, by name. */
    static Map<String, ScalingSettings> bulkChoices() {
        var choices = new LinkedHashMap<String, ScalingSettings>();
        choices.put("**as in the manifests**", BULK);
        choices.put("drain 105 s", BULK.withGrace(105));
        choices.put("queueLength 8 (2 × slots)", BULK.withQueueLength(8));
        choices.put("queueLength 20 (5 × slots)", BULK.withQueueLength(20));
        choices.put("fewer pods after 600 s, 10 % a minute", BULK.withDown(600, 10));
        choices.put("fewer pods at once", BULK.withDown(0, 100));
        choices.put("fewer pods at once, drain 105 s", BULK.withGrace(105).withDown(0, 100));
        return choices;
    }

    /** What else might have been chosen for registrations, by name. */
    static Map<String, ScalingSettings> quickChoices() {
        var choices = new LinkedHashMap<String, ScalingSettings>();
        choices.put("**as in the manifests**", QUICK);
        choices.put("queueLength 32 (1 × slots)", QUICK.withQueueLength(32));
        choices.put("queueLength 160 (5 × slots)", QUICK.withQueueLength(160));
        choices.put("fewer pods after 300 s, 25 % a minute", QUICK.withDown(300, 25));
        choices.put("fewer pods at once", QUICK.withDown(0, 100));
        return choices;
    }

    /** The tables, as in docs/scaling.md. */
    static String text() {
        return table(Workload.nightlyBackups(), bulkChoices()) + "\n"
                + table(Workload.backupsOverTheDay(), bulkChoices()) + "\n"
                + table(Workload.registrationsWithBursts(), quickChoices());
    }

    private static String table(Workload workload, Map<String, ScalingSettings> rows) {
        var text = new StringBuilder(
                        "**" + workload.name() + "** (" + workload.jobs().size() + " jobs)\n\n")
                .append("| settings | drained after s | p95 wait s | runs cut short | pod-hours | most pods |\n")
                .append("|---|---|---|---|---|---|\n");
        rows.forEach((name, settings) -> text.append("| " + name + " | ")
                .append(Simulation.of(workload, settings).row())
                .append(" |\n"));
        return text.toString();
    }

    /** Prints what docs/scaling.md holds. */
    public static void main(String[] arguments) {
        System.out.print(text());
    }
}
