package dev.holdfast.local;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The services of Holdfast as child processes: ingest, workers, notify. They end when this JVM ends, whatever the
 * reason. Nothing supervises them; see {@link Supervisor}.
 */
public final class Stack implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final StackOptions options;
    private final ServiceCommands commands;
    private final List<Child> services = new CopyOnWriteArrayList<>();
    private int lastWorker;
    private int lastIngest = 1;

    private Stack(StackOptions options) {
        this.options = options;
        this.commands = new ServiceCommands(options);
    }

    /**
     * Starts all services together and waits until each is ready.
     *
     * @throws StartFailure naming the service that did not come up, with the end of its log; then none is left running
     */
    public static Stack start(StackOptions options) {
        Stack stack = new Stack(options);
        try {
            if (!options.without().contains("ingest")) {
                stack.services.add(stack.commands.ingest());
            }
            if (!options.without().contains("worker")) {
                for (int i = 0; i < options.workers(); i++) {
                    stack.services.add(stack.commands.worker(++stack.lastWorker, Map.of()));
                }
            }
            if (!options.without().contains("notify")) {
                stack.services.add(stack.commands.notifier());
            }
            stack.services.forEach(service -> service.awaitReady(START));
            return stack;
        } catch (StartFailure failure) {
            stack.close();
            throw failure;
        }
    }

    /** Where ingest answers, also while it is down. */
    public URI url() {
        return commands.url();
    }

    /** The key for {@code Authorization: Bearer}: all scopes, tenant {@code local}. */
    public String apiKey() {
        return options.apiKey();
    }

    /** Where AWS is for these services. */
    public AwsEndpoints aws() {
        return options.aws();
    }

    /** All services, ingest first. */
    public List<Child> services() {
        return new ArrayList<>(services);
    }

    /** The workers only. */
    public List<Child> workers() {
        return services.stream()
                .filter(service -> service.name().startsWith("worker-"))
                .toList();
    }

    /**
     * A service by name: {@code ingest}, {@code worker-1} …, {@code notify}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Child service(String name) {
        return services.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no service " + name + " among "
                        + services.stream().map(Child::name).toList()));
    }

    /** Starts one more worker and waits until it is ready. */
    public Child addWorker() {
        return addWorker(Map.of());
    }

    /** Starts one more worker with more environment variables and waits until it is ready. */
    public synchronized Child addWorker(Map<String, String> environment) {
        Child worker = commands.worker(++lastWorker, environment);
        services.add(worker);
        try {
            worker.awaitReady(START);
            return worker;
        } catch (StartFailure failure) {
            remove(worker);
            throw failure;
        }
    }

    /** Starts one more ingest process, {@code ingest-2} and so on, and waits until it is ready. */
    public synchronized Child addIngest() {
        Child ingest = commands.ingest(++lastIngest);
        services.add(ingest);
        try {
            ingest.awaitReady(START);
            return ingest;
        } catch (StartFailure failure) {
            remove(ingest);
            throw failure;
        }
    }

    /** Stops a service (SIGTERM, SIGKILL after 10 s) and forgets it. */
    public void remove(Child service) {
        services.remove(service);
        service.stop(GRACE);
    }

    /** SIGTERM to all at once, SIGKILL after 10 s for what is left. */
    @Override
    public void close() {
        Children.stop(services, GRACE);
    }
}
