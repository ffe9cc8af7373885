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

    /** From a death to the next claim: the lease, a poll, and what claiming too early costs. */
    static final Duration RECOVERY = LEASE.plus(WAIT_TIME).plusSeconds(4);

    final House house;
    private final Map<String, Proxies> proxies;
    private final Supervisor supervisor;

    private FaultHouse(House house, Map<String, Proxies> proxies) {
        this.house = house;
        this.proxies = proxies;
        this.supervisor = Supervisor.watch(house.stack::services, child -> {});
    }

    /** Starts ingest, two workers and notify, unless {@code how} says otherwise. */
    static FaultHouse start(UnaryOperator<StackOptions> how) {
        var proxies = new ConcurrentHashMap<String, Proxies>();
        Function<String, Map<String, String>> through =
                name -> proxies.computeIfAbsent(name, child -> Proxies.before(child, Cloud.endpoints()))
                        .environment();
        return new FaultHouse(
                House.start(options -> how.apply(options.withEnvironmentOf(through)
                        .with("HOLDFAST_JOBS_LEASE", LEASE.toSeconds() + "s")
                        .with("HOLDFAST_QUEUE_VISIBILITY_TIMEOUT", VISIBILITY.toSeconds() + "s")
                        .with("HOLDFAST_QUEUE_WAIT_TIME", WAIT_TIME.toSeconds() + "s"))),
                proxies);
    }

    /** The house that the fault tests share. Each of them heals it, and leaves all processes running. */
    static FaultHouse shared() {
        return Shared.HOUSE;
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
        house.stack.service(process).send(ProcessSignal.KILL);
        recorder.died(process);
    }

    /** Lifts all rules, thaws what is frozen, and waits until every process is ready. */
    void heal() {
        proxies.values().forEach(Proxies::heal);
        for (var service : house.stack.services()) {
            service.send(ProcessSignal.CONT);
            awaitReady(service);
        }
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
        house.close();
        proxies.values().forEach(Proxies::close);
    }

    /** Started by the first test that asks; ended with this JVM. */
    private static final class Shared {
        static final FaultHouse HOUSE = start(options -> options);

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(HOUSE::close));
        }
    }
}
