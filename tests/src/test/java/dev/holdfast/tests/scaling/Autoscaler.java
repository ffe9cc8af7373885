package dev.holdfast.tests.scaling;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many pods Kubernetes and KEDA want, by the rules in their documentation:
 *
 * <ul>
 *   <li>every 15 s, {@code ceil(metric / target)}, nothing within 10 % of the present number (Kubernetes, Horizontal
 *       Pod Autoscaling, "Algorithm details"; the metric is an average value, so the target is per pod)
 *   <li>of the numbers wanted within a stabilization window the highest counts for fewer pods, the lowest for more
 *       (same page, "Stabilization window")
 *   <li>at most twice as many, or four more, in 15 s; at most a share fewer in 60 s (same page, "Scaling policies")
 *   <li>from none to one, and back after the cooldown period, KEDA itself decides, every polling interval (KEDA,
 *       ScaledObject specification, "pollingInterval" and "cooldownPeriod")
 *   <li>the metric counts messages that wait and messages in work (KEDA, AWS SQS queue, "scaleOnInFlight")
 * </ul>
 */
final class Autoscaler {

    private static final int PERIOD = 15;
    private static final int DOWN_PERIOD = 60;
    private static final double TOLERANCE = 0.1;

    private record Wanted(int at, int pods) {}

    private final ScalingSettings settings;
    private final Deque<Wanted> wanted = new ArrayDeque<>();
    private final Deque<Wanted> past = new ArrayDeque<>();
    private int pods;
    private int lastActive;

    Autoscaler(ScalingSettings settings) {
        this.settings = settings;
        this.pods = settings.min();
    }

    /** How many pods there shall be from this second on, with so many messages waiting or in work. */
    int pods(int second, int messages) {
        if (messages > 0) lastActive = second;
        if (second % PERIOD == 0) decide(second, messages);
        past.addLast(new Wanted(second, pods));
        while (past.getFirst().at() <= second - DOWN_PERIOD) past.removeFirst();
        return pods;
    }

    private void decide(int second, int messages) {
        if (pods == 0) {
            if (messages > 0) pods = 1;
            return;
        }
        if (settings.min() == 0 && messages == 0 && second - lastActive >= settings.cooldownSeconds()) {
            pods = 0;
            wanted.clear();
            return;
        }
        var ratio = messages / (double) settings.queueLength() / pods;
        var now = Math.abs(ratio - 1) <= TOLERANCE ? pods : (int) Math.ceil(messages / (double) settings.queueLength());
        now = Math.clamp(now, Math.max(1, settings.min()), settings.max());
        wanted.addLast(new Wanted(second, now));
        while (wanted.getFirst().at() <= second - Math.max(settings.downSeconds(), settings.upSeconds()) - 1) {
            wanted.removeFirst();
        }
        var low = now;
        var high = now;
        for (var one : wanted) {
            if (one.at() >= second - settings.upSeconds()) low = Math.min(low, one.pods());
            if (one.at() >= second - settings.downSeconds()) high = Math.max(high, one.pods());
        }
        if (low > pods) pods = Math.min(low, Math.max(2 * pods, pods + 4));
        else if (high < pods) pods = Math.max(high, floor());
    }

    /** The fewest pods that the policy for fewer leaves, counted from what was a minute ago. */
    private int floor() {
        var before = past.isEmpty() ? pods : past.getFirst().pods();
        return Math.min(pods, (int) Math.ceil(before * (1 - settings.downPercent() / 100.0)));
    }
}
