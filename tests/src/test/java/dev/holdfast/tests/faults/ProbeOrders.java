package dev.holdfast.tests.faults;

import java.time.Duration;
import java.util.Map;

/**
 * What a registration tells a probe to do: its attributes, read. Without any the probe works as a good handler does.
 *
 * @param steps effects, one after the other
 * @param stepTime how long each of them takes
 * @param haltAt at this step the process ends without a word, in every run; 0 = never
 * @param hangAt at this step the handler waits for ever, in every run; 0 = never
 * @param exhaustAt at this step the handler takes memory until there is none, in every run; 0 = never
 * @param failTimes so many attempts end in an exception
 * @param clockJump by so much the clock of the process goes wrong when a run begins
 * @param throttleTimes so many runs (by their fence) end in an exception by which DynamoDB throttles
 */
record ProbeOrders(
        int steps,
        Duration stepTime,
        int haltAt,
        int hangAt,
        int exhaustAt,
        int failTimes,
        int throttleTimes,
        Duration clockJump) {

    static final String STEPS = "probe-steps";
    static final String STEP_MILLIS = "probe-step-millis";
    static final String HALT_AT = "probe-halt-at";
    static final String HANG_AT = "probe-hang-at";
    static final String EXHAUST_AT = "probe-exhaust-at";
    static final String FAIL_TIMES = "probe-fail-times";
    static final String CLOCK_JUMP_SECONDS = "probe-clock-jump-seconds";
    static final String THROTTLE_TIMES = "probe-throttle-times";

    static ProbeOrders of(Map<String, String> attributes) {
        return new ProbeOrders(
                number(attributes, STEPS),
                Duration.ofMillis(number(attributes, STEP_MILLIS)),
                number(attributes, HALT_AT),
                number(attributes, HANG_AT),
                number(attributes, EXHAUST_AT),
                number(attributes, FAIL_TIMES),
                number(attributes, THROTTLE_TIMES),
                Duration.ofSeconds(number(attributes, CLOCK_JUMP_SECONDS)));
    }

    private static int number(Map<String, String> attributes, String name) {
        return Integer.parseInt(attributes.getOrDefault(name, "0"));
    }
}
