package dev.holdfast.tests.faults;

import dev.holdfast.local.Child;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.House;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts {@link ProbeWorker} processes. */
final class Probes {

    static final Duration LEASE = Duration.ofSeconds(3);
    static final Duration VISIBILITY = Duration.ofSeconds(3);

    /** From a death to the next claim: the lease, a poll, and what a slow machine takes for the rest. */
    static final Duration RECOVERY = LEASE.plusSeconds(15);

    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private Probes() {}

    static Child start(
            House house,
            String name,
            Duration skew,
            List<String> flags,
            Map<String, String> proxies,
            Map<String, String> settings) {
        var arguments = new ArrayList<>(JVM);
        arguments.add("-Xmx96m");
        arguments.addAll(flags);
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), ProbeWorker.class.getName()));
        arguments.add(Long.toString(skew.toSeconds()));
        var environment = new HashMap<>(Cloud.endpoints().environment());
        environment.putAll(proxies);
        environment.put("HOLDFAST_RESOURCES_PREFIX", house.name + "-");
        environment.put("HOLDFAST_RESOURCES_BUCKET", house.name);
        environment.put("HOLDFAST_JOBS_LEASE", LEASE.toSeconds() + "s");
        environment.put("HOLDFAST_QUEUE_VISIBILITY_TIMEOUT", VISIBILITY.toSeconds() + "s");
        environment.put("HOLDFAST_QUEUE_WAIT_TIME", "1s");
        environment.put("HOLDFAST_QUEUE_DRAIN_TIMEOUT", "2s");
        environment.putAll(settings);
        var log = Cloud.LOGS.resolve(house.name).resolve(name + ".log");
        return Child.jvm(name, log, Cloud.CHECKOUT, arguments, environment);
    }
}
