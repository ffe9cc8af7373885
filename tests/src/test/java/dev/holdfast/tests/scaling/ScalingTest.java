package dev.holdfast.tests.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ScalingTest {

    private static final Path ROOT = Checkout.find().root();

    @Test
    void documentHoldsWhatTheSimulationPrints() throws IOException {
        assertThat(Files.readString(ROOT.resolve("docs/scaling.md"))).contains(ScalingReport.text());
    }

    @Test
    void manifestsHaveTheSettingsThatWereSimulated() throws IOException {
        assertThat(settings("quick", "HOLDFAST_QUEUE_DRAIN_TIMEOUT")).isEqualTo(ScalingReport.QUICK);
        assertThat(settings("bulk", "HOLDFAST_QUEUE_DRAIN_TIMEOUT")).isEqualTo(ScalingReport.BULK);
    }

    /** Nothing cut short, a backup of the day starts within half a minute, and no cheaper choice has both. */
    @Test
    void backupsHaveTheCheapestSettingsThatKeepTheirGoals() {
        assertThat(cheapest(Workload.backupsOverTheDay(), ScalingReport.bulkChoices(), 30))
                .isEqualTo(ScalingReport.BULK);
    }

    /** The second burst meets the pods of the first: the wait is within a second of the best. */
    @Test
    void registrationsHaveTheCheapestSettingsThatKeepTheirGoals() {
        var workload = Workload.registrationsWithBursts();
        var best = ScalingReport.quickChoices().values().stream()
                .mapToDouble(settings -> Simulation.of(workload, settings).waitP95Seconds())
                .min()
                .orElseThrow();

        assertThat(cheapest(workload, ScalingReport.quickChoices(), best + 1)).isEqualTo(ScalingReport.QUICK);
    }

    @Test
    void drainShorterThanARunCutsRunsShort() {
        var workload = Workload.nightlyBackups();
        var hasty = ScalingReport.BULK.withGrace(105).withDown(0, 100);

        assertThat(Simulation.of(workload, hasty).killedRuns()).isPositive();
        assertThat(Simulation.of(workload, ScalingReport.BULK).killedRuns()).isZero();
    }

    @Test
    void podsDoubleAtMostAndGoAfterTheWindow() {
        var autoscaler = new Autoscaler(new ScalingSettings(1, 1, 2, 100, 0, 60, 100, 60, 300));

        assertThat(autoscaler.pods(0, 100)).as("four more, or twice as many").isEqualTo(6);
        assertThat(autoscaler.pods(15, 100)).isEqualTo(12);
        for (int second = 16; second <= 75; second++) {
            assertThat(autoscaler.pods(second, 0)).as("at " + second).isEqualTo(12);
        }
        for (int second = 76; second <= 90; second++) autoscaler.pods(second, 0);
        assertThat(autoscaler.pods(91, 0)).isEqualTo(2);
    }

    private static ScalingSettings cheapest(
            Workload workload, Map<String, ScalingSettings> choices, double waitSeconds) {
        ScalingSettings best = ScalingReport.BULK;
        var least = Double.MAX_VALUE;
        for (var settings : choices.values()) {
            var result = Simulation.of(workload, settings);
            if (result.killedRuns() > 0 || result.waitP95Seconds() > waitSeconds) continue;
            if (result.podHours() < least - 0.01) {
                least = result.podHours();
                best = settings;
            }
        }
        return best;
    }

    private static ScalingSettings settings(String lane, String drain) throws IOException {
        var kubernetes = ROOT.resolve("deploy/kubernetes");
        var pods = Files.readString(kubernetes.resolve("base/worker-" + lane + ".yaml"));
        var all = Files.readString(kubernetes.resolve("components/keda/scaled-objects.yaml"));
        var scaled = lane.equals("quick") ? all.substring(0, all.indexOf("---")) : all.substring(all.indexOf("---"));
        var down = scaled.substring(scaled.indexOf("scaleDown:"));
        return new ScalingSettings(
                number(pods, "HOLDFAST_QUEUE_SLOTS\\s+value: \"(\\d+)\""),
                number(scaled, "queueLength: \"(\\d+)\""),
                number(scaled, "minReplicaCount: (\\d+)"),
                number(scaled, "maxReplicaCount: (\\d+)"),
                number(scaled, "scaleUp:\\s+stabilizationWindowSeconds: (\\d+)"),
                number(down, "stabilizationWindowSeconds: (\\d+)"),
                number(down, "type: Percent\\s+value: (\\d+)"),
                number(pods, drain + "\\s+value: \"(\\d+)s\""),
                number(scaled, "cooldownPeriod: (\\d+)"));
    }

    private static int number(String text, String pattern) {
        var match = Pattern.compile(pattern).matcher(text);
        assertThat(match.find()).as(pattern).isTrue();
        return Integer.parseInt(match.group(1));
    }
}
