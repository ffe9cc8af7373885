package dev.holdfast.tests.scaling;

/**
 * What a ScaledObject and its Deployment say.
 *
 * @param slots messages that a pod works on at the same time
 * @param queueLength messages that a pod is worth, the target of the autoscaler
 * @param min the least pods; 0 lets KEDA take the last one away
 * @param max the most pods
 * @param upSeconds stabilization window for more pods
 * @param downSeconds stabilization window for fewer pods
 * @param downPercent share of pods that may go in a minute, 1 to 100
 * @param graceSeconds how long a pod that goes may finish its work
 * @param cooldownSeconds how long nothing must wait before the last pod goes
 */
record ScalingSettings(
        int slots,
        int queueLength,
        int min,
        int max,
        int upSeconds,
        int downSeconds,
        int downPercent,
        int graceSeconds,
        int cooldownSeconds) {

    ScalingSettings withQueueLength(int messages) {
        return new ScalingSettings(
                slots, messages, min, max, upSeconds, downSeconds, downPercent, graceSeconds, cooldownSeconds);
    }

    ScalingSettings withGrace(int seconds) {
        return new ScalingSettings(
                slots, queueLength, min, max, upSeconds, downSeconds, downPercent, seconds, cooldownSeconds);
    }

    ScalingSettings withDown(int seconds, int percent) {
        return new ScalingSettings(
                slots, queueLength, min, max, upSeconds, seconds, percent, graceSeconds, cooldownSeconds);
    }
}
