package dev.holdfast.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Knows ports, environment and command lines of the services. */
final class ServiceCommands {
    private static final List<String> JVM_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final StackOptions options;
    private final int ingestPort;
    private final int managementPort;

    ServiceCommands(StackOptions options) {
        this.options = options;
        this.ingestPort = options.port() > 0 ? options.port() : Ports.free();
        this.managementPort = near(1);
    }

    URI url() {
        return at(ingestPort);
    }

    Child ingest() {
        return ingest("ingest", ingestPort, managementPort);
    }

    /** One more ingest process, on ports of its own. */
    Child ingest(int number) {
        return ingest("ingest-" + number, Ports.free(), Ports.free());
    }

    private Child ingest(String name, int port, int management) {
        Map<String, String> more = new LinkedHashMap<>();
        more.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        more.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(management));
        more.put("HOLDFAST_ACCESS_BOOTSTRAP_KEY", options.apiKey());
        return start("ingest", name, port, List.of(at(port), at(management)), more);
    }

    Child worker(int number, Map<String, String> environment) {
        int port = near(10 + number);
        return start("worker", "worker-" + number, port, List.of(at(port)), environment);
    }

    Child notifier() {
        int port = near(6);
        return start("notify", "notify", port, List.of(at(port)), feedback());
    }

    /** The SES stand-in tells the queue {@code NAME-feedback} what becomes of mails under the configuration set. */
    private Map<String, String> feedback() {
        var prefix = options.environment().getOrDefault("HOLDFAST_RESOURCES_PREFIX", StackOptions.PREFIX);
        return options.aws().mailbox().isPresent()
                ? Map.of("HOLDFAST_MAIL_CONFIGURATION_SET", prefix + "mail")
                : Map.of();
    }

    private Child start(String service, String name, int port, List<URI> addresses, Map<String, String> more) {
        Map<String, String> environment = environment(port);
        environment.putAll(options.environment());
        environment.putAll(more);
        environment.putAll(options.environmentOf().apply(name));
        var log = options.logs().resolve(name + ".log");
        var checkout = options.checkout();
        var cache = checkout.aotCache(service);
        ChildCommand command = switch (options.packaging()) {
            case NATIVE -> {
                var executable = checkout.serviceExecutable(service).toString();
                yield ChildCommand.watched(name, log, List.of(executable), environment);
            }
            case TRAINING ->
                isFirst(name)
                        ? watchedJvm(name, log, "-XX:AOTCacheOutput=" + cache.file(), service, environment)
                        : ChildCommand.java(name, log, checkout, jvm(service), environment);
            case CACHED ->
                cache.fits()
                        ? watchedJvm(name, log, "-XX:AOTCache=" + cache.file(), service, environment)
                        : ChildCommand.java(name, log, checkout, jvm(service), environment);
            case PLAIN -> ChildCommand.java(name, log, checkout, jvm(service), environment);
        };
        List<URI> health = addresses.stream()
                .map(address -> address.resolve("/q/health/ready"))
                .toList();
        return new Child(command, at(port), health, status -> status == 200);
    }

    /** Of several processes of one service one is trained. */
    private static boolean isFirst(String name) {
        return !name.matches(".*-\\d+") || name.endsWith("-1");
    }

    /** Without the agent: a JVM with an agent makes no AOT cache and uses none. */
    private ChildCommand watchedJvm(
            String name, Path log, String option, String service, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(ChildCommand.JAVA);
        command.add(option);
        command.addAll(jvm(service));
        return ChildCommand.watched(name, log, command, environment);
    }

    private List<String> jvm(String service) {
        List<String> arguments = new ArrayList<>(JVM_FLAGS);
        if (!options.fullJit()) {
            arguments.add("-XX:TieredStopAtLevel=1");
        }
        arguments.add("-jar");
        arguments.add(options.checkout().serviceJar(service).toString());
        return arguments;
    }

    private Map<String, String> environment(int port) {
        Map<String, String> environment = new LinkedHashMap<>(options.aws().environment());
        environment.put("HOLDFAST_RESOURCES_PROVISION", "true");
        environment.put("HOLDFAST_RESOURCES_PREFIX", StackOptions.PREFIX);
        environment.put("HOLDFAST_RESOURCES_BUCKET", StackOptions.BUCKET);
        environment.put("HOLDFAST_PUBLIC_URL", url().toString());
        environment.put("HOLDFAST_QUEUE_DRAIN_TIMEOUT", "8s");
        environment.put("HOLDFAST_SMS_ENABLED", "true");
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
        environment.put("QUARKUS_S3_PATH_STYLE_ACCESS", "true");
        environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
        return environment;
    }

    private int near(int offset) {
        return Ports.near(options.port() > 0 ? options.port() + offset : 0);
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }
}
