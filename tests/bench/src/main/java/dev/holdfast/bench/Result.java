package dev.holdfast.bench;

import java.util.Map;

/**
 * What one contestant took to drain one queue.
 *
 * @param messages how many there were
 * @param seconds from the word "drain" until the queue was empty
 * @param cpuSeconds of the contestant's process meanwhile
 * @param jitSeconds of which the JIT compilers took
 * @param sqsCpuSeconds of the stand-in for SQS meanwhile
 * @param dynamoCpuSeconds of the stand-in for DynamoDB meanwhile
 * @param peakRssKib the contestant's largest resident memory since its start
 * @param counts what the contestant counted: calls by action, units
 */
record Result(
        Race race,
        String contestant,
        int round,
        int messages,
        double seconds,
        double cpuSeconds,
        double jitSeconds,
        double sqsCpuSeconds,
        double dynamoCpuSeconds,
        long peakRssKib,
        Map<String, Double> counts) {

    double rate() {
        return messages / seconds;
    }

    double cpuMicros() {
        return cpuSeconds / messages * 1e6;
    }

    /** What remains when the compilers are done. */
    double warmCpuMicros() {
        return (cpuSeconds - jitSeconds) / messages * 1e6;
    }

    double standInMicros() {
        return (sqsCpuSeconds + dynamoCpuSeconds) / messages * 1e6;
    }

    double perMessage(String count) {
        return counts.getOrDefault(count, 0.0) / messages;
    }

    /** All requests to SQS. */
    double sqsCalls() {
        return counts.entrySet().stream()
                        .filter(count -> count.getKey().contains("Message"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum()
                / messages;
    }
}
