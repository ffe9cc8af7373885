package dev.holdfast.tests.faults;

import dev.holdfast.local.Child;
import dev.holdfast.local.ProcessSignal;
import dev.holdfast.local.StackOptions;
import dev.holdfast.local.Supervisor;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.House;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * A house whose processes stand behind proxies, each behind its own. What dies is started again, as Kubernetes would;
 * leases are short, so that a take-over is soon seen.
 */
final class FaultHouse implements AutoCloseable {

    static final Duration LEASE = Duration.ofSeconds(10);
    static final Duration VISIBILITY = Duration.ofSeconds(10);
    static final Duration WAIT_TIME = Duration.ofSeconds(1);

    private static final String SOURCES = "sources";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final Kept SHARED = new Kept(options -> options);
    private static final Kept FOR_PROBES = new Kept(options -> options.withWorkers(0));

    /** From a death to the next claim: the lease, a poll, and what a slow machine takes for the rest. */
    static final Duration RECOVERY = LEASE.plus(WAIT_TIME).plusSeconds(15);

    final House house;
    private final List<Child> probes = new CopyOnWriteArrayList<>();
    private final Map<String, Proxies> proxies;
    private final Supervisor supervisor;

    private FaultHouse(House house, Map<String, Proxies> proxies) {
        this.house = house;
        this.proxies = proxies;
        this.supervisor = Supervisor.watch(this::processes, child -> {});
    }

    /** Starts ingest, two workers and notify, unless {@code how} says otherwise. */
    static FaultHouse start(UnaryOperator<StackOptions> how) {
        var proxies = new ConcurrentHashMap<String, Proxies>();
        var sources = Proxies.before(SOURCES, Cloud.endpoints());
        proxies.put(SOURCES, sources);
        Function<String, Map<String, String>> through =
                name -> proxies.computeIfAbsent(name, child -> Proxies.before(child, Cloud.endpoints()))
                        .environment();
        return new FaultHouse(
                House.start(options -> how.apply(options.withEnvironmentOf(through)
                        .with("HOLDFAST_JOBS_LEASE", LEASE.toSeconds() + "s")
                        .with("HOLDFAST_QUEUE_VISIBILITY_TIMEOUT", VISIBILITY.toSeconds() + "s")
                        .with("HOLDFAST_QUEUE_WAIT_TIME", WAIT_TIME.toSeconds() + "s")
                        .with(
                                "HOLDFAST_CONNECTIONS_ENDPOINTS",
                                Cloud.endpoints().s3() + "," + sources.s3().url())
                        .with("HOLDFAST_BACKUP_SHARD_OBJECTS", "10")
                        .with("HOLDFAST_RESTORE_SHARD_OBJECTS", "10")
                        .with("HOLDFAST_DEAD_LETTERS_EVERY", "1s")
                        .with("HOLDFAST_RECONCILER_EVERY", "2s")
                        .with("HOLDFAST_RECONCILER_AFTER", "10s")
                        .with("HOLDFAST_QUEUE_SEND_WAIT", "50ms") // so that batches are full
                        .with("HOLDFAST_QUEUE_DELETE_WAIT", "200ms"))),
                proxies);
    }

    private static Map<String, String> through(Map<String, Proxies> proxies, String process) {
        return proxies.computeIfAbsent(process, name -> Proxies.before(name, Cloud.endpoints()))
                .environment();
    }

    /** The house that the fault tests share. Each of them heals it, and leaves all processes running. */
    static FaultHouse shared() {
        return SHARED.get();
    }

    /** The house of the tests that bring probes: without workers. */
    static FaultHouse forProbes() {
        return FOR_PROBES.get();
    }

    /**
     * Starts a probe. Its leases are shorter still than those of services.
     *
     * @param flags for its JVM
     * @param environment more settings of the runtime
     */
    Child addProbe(Duration skew, List<String> flags, Map<String, String> environment) {
        var name = "probe-" + NUMBER.incrementAndGet();
        var probe = Probes.start(house, name, skew, flags, through(proxies, name), environment);
        probes.add(probe);
        return probe;
    }

    Child addProbe() {
        return addProbe(Duration.ZERO, List.of(), Map.of());
    }

    /** A probe whose leases are those of the workers. */
    Child addPatientProbe() {
        var settings = Map.of(
                "HOLDFAST_JOBS_LEASE", LEASE.toSeconds() + "s",
                "HOLDFAST_QUEUE_VISIBILITY_TIMEOUT", VISIBILITY.toSeconds() + "s",
                "HOLDFAST_QUEUE_DRAIN_TIMEOUT", "8s");
        var probe = addProbe(Duration.ZERO, List.of(), settings);
        Awaitility.await("first poll of " + probe.name())
                .atMost(Duration.ofSeconds(60))
                .until(() -> of(probe).sqs().calls("ReceiveMessage") > 0);
        return probe;
    }

    /** Stops all probes. */
    void removeProbes() {
        var ending = List.copyOf(probes);
        probes.clear();
        ending.forEach(Child::kill);
    }

    /** All processes of the house, probes among them. */
    List<Child> processes() {
        var processes = house.stack.services();
        processes.addAll(probes);
        return processes;
    }

    /** Where connections of tenants find their S3. */
    FaultProxy sources() {
        return of(SOURCES).s3();
    }

    /** The proxies of a process: {@code ingest}, {@code worker-1} …, {@code notify}. */
    Proxies of(String process) {
        return Optional.ofNullable(proxies.get(process)).orElseThrow();
    }

    Proxies of(Child process) {
        return of(process.name());
    }

    List<Child> workers() {
        return house.stack.workers();
    }

    /** The workers' proxies to one service. */
    List<FaultProxy> workers(Function<Proxies, FaultProxy> service) {
        return workers().stream().map(this::of).map(service).toList();
    }

    /** Arms one rule for all of these proxies together: {@code next(1)} is the first call of any of them. */
    static ArmedRule arm(List<FaultProxy> proxies, Rule rule) {
        var armed = new ArmedRule(rule);
        proxies.forEach(proxy -> proxy.arm(armed));
        return armed;
    }

    /** SIGKILL; the supervisor starts the process again. */
    void kill(String process, Recorder recorder) {
        processes().stream()
                .filter(child -> child.name().equals(process))
                .forEach(child -> child.send(ProcessSignal.KILL));
        recorder.died(process);
    }

    /** Lifts all rules, thaws what is frozen, and waits until every process is ready. */
    void heal() {
        proxies.values().forEach(Proxies::heal);
        processes().forEach(process -> process.send(ProcessSignal.CONT));
        house.stack.services().forEach(FaultHouse::awaitReady);
    }

    /** Waits for a process, also for one that has yet to be started again. */
    static void awaitReady(Child process) {
        Awaitility.await("readiness of " + process.name())
                .atMost(Duration.ofSeconds(60))
                .until(process::isReady);
    }

    @Override
    public void close() {
        supervisor.close();
        removeProbes();
        house.close();
        proxies.values().forEach(Proxies::close);
    }

    /** Started by the first test that asks; ended when the shared house starts, at the latest with this JVM. */
    private static final class Kept {
        private final UnaryOperator<StackOptions> how;
        private Optional<FaultHouse> house = Optional.empty();

        Kept(UnaryOperator<StackOptions> how) {
            this.how = how;
            House.beforeShared(this::end);
            Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        }

        synchronized FaultHouse get() {
            if (house.isEmpty()) house = Optional.of(start(how));
            return house.get();
        }

        private synchronized void end() {
            house.ifPresent(FaultHouse::close);
            house = Optional.empty();
        }
    }
}
