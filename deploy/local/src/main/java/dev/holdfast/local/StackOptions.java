package dev.holdfast.local;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * How the services run.
 *
 * @param logs folder for the log files, one per process
 * @param apiKey the key that ingest knows from the start (all scopes, tenant {@code local})
 * @param environment more variables for all services; they win over the launcher's own
 * @param environmentOf more variables for one process, asked by its name before it starts ({@code ingest},
 *     {@code worker-1} …, {@code notify}); they win over all others
 * @param workers how many worker processes start, 0 or more
 * @param port where ingest listens; 0 = any free port
 * @param fullJit false = quick to start and small, for tests and the demo; true = all compilers: without them hashing
 *     and encryption are many times slower
 * @param packaging the jars, or the native executables
 * @param without services that are left out, of {@link #SERVICES}
 */
public record StackOptions(
        Checkout checkout,
        AwsEndpoints aws,
        Path logs,
        String apiKey,
        Map<String, String> environment,
        Function<String, Map<String, String>> environmentOf,
        int workers,
        int port,
        boolean fullJit,
        Packaging packaging,
        Set<String> without) {
    /** The prefix of queues and tables unless {@code environment} says otherwise. */
    public static final String PREFIX = "holdfast-";

    /** The bucket unless {@code environment} says otherwise. */
    public static final String BUCKET = "holdfast-data";

    /** The names that {@code without} may hold. */
    public static final Set<String> SERVICES = Set.of("ingest", "worker", "notify");

    public StackOptions {
        environment = Map.copyOf(environment);
        without = Set.copyOf(without);
        if (workers < 0) {
            throw new IllegalArgumentException("workers must not be negative, was " + workers);
        }
        if (!SERVICES.containsAll(without)) {
            throw new IllegalArgumentException("without must be of " + SERVICES + ", was " + without);
        }
    }

    /** All three services, two workers, free ports, a new key; with AOT caches where a training has left some. */
    public static StackOptions of(Checkout checkout, AwsEndpoints aws, Path logs) {
        return new StackOptions(
                checkout,
                aws,
                logs,
                ApiKey.create(),
                Map.of(),
                name -> Map.of(),
                2,
                0,
                false,
                Packaging.CACHED,
                Set.of());
    }

    /** The same with one more environment variable for all services. */
    public StackOptions with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new StackOptions(
                checkout, aws, logs, apiKey, more, environmentOf, workers, port, fullJit, packaging, without);
    }

    /** The same with more variables for single processes, by their names. */
    public StackOptions withEnvironmentOf(Function<String, Map<String, String>> more) {
        return new StackOptions(
                checkout, aws, logs, apiKey, environment, more, workers, port, fullJit, packaging, without);
    }

    /** The same with another number of workers. */
    public StackOptions withWorkers(int number) {
        return new StackOptions(
                checkout, aws, logs, apiKey, environment, environmentOf, number, port, fullJit, packaging, without);
    }

    /** The same with all JIT compilers, as a long-lived service has them. */
    public StackOptions withFullJit() {
        return new StackOptions(
                checkout, aws, logs, apiKey, environment, environmentOf, workers, port, true, packaging, without);
    }

    /** The same in another form. */
    public StackOptions in(Packaging wanted) {
        return new StackOptions(
                checkout, aws, logs, apiKey, environment, environmentOf, workers, port, fullJit, wanted, without);
    }

    /** The same without a service. */
    public StackOptions without(String... services) {
        return new StackOptions(
                checkout,
                aws,
                logs,
                apiKey,
                environment,
                environmentOf,
                workers,
                port,
                fullJit,
                packaging,
                Set.of(services));
    }
}
