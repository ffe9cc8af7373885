package dev.holdfast.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stand-ins for AWS: one JVM with SQS, S3 and SES v2, another with DynamoDB Local, which runs by its own main class
 * and on its own class path. Both end when this JVM ends, whatever the reason.
 */
public final class StandIns implements AutoCloseable {
    /** The region of everything embedded. */
    public static final String REGION = "us-east-1";

    /** The key that the S3 stand-in checks; the others take any. */
    public static final String ACCESS_KEY = "holdfast";

    /** Belongs to {@link #ACCESS_KEY}. */
    public static final String SECRET_KEY = "holdfastlocal";

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(4);

    private final List<Child> children = new ArrayList<>();
    private final AwsEndpoints endpoints;

    private StandIns(AwsEndpoints endpoints) {
        this.endpoints = endpoints;
    }

    /**
     * Starts both JVMs and waits until they answer (2 to 4 s).
     *
     * @throws StartFailure if one does not come up; then none is left running
     */
    public static StandIns start(StandInOptions options) {
        URI sqs = options.address(0);
        URI dynamodb = options.address(1);
        URI s3 = options.address(2);
        URI ses = options.address(3);
        URI mailbox = ses.resolve("/mailbox");
        StandIns standIns = new StandIns(
                new AwsEndpoints(sqs, dynamodb, s3, ses, ses, Optional.of(mailbox), REGION, ACCESS_KEY, SECRET_KEY));
        try {
            standIns.start(cloud(options, sqs, s3, ses), ses, ses.resolve("/mailbox/health"));
            standIns.start(dynamoDb(options, dynamodb), dynamodb, dynamodb);
            standIns.children.forEach(child -> child.awaitReady(START));
            return standIns;
        } catch (StartFailure failure) {
            standIns.close();
            throw failure;
        }
    }

    private void start(ChildCommand command, URI url, URI health) {
        children.add(new Child(command, url, List.of(health), status -> status == 200 || status == 400));
    }

    private static ChildCommand cloud(StandInOptions options, URI sqs, URI s3, URI ses) {
        List<String> arguments = new ArrayList<>(jvm(options, "-Xmx384m"));
        arguments.add("-Dlogback.configurationFile=local-cloud-logback.xml");
        arguments.add("-Dsun.net.httpserver.nodelay=true");
        arguments.addAll(List.of("-cp", options.checkout().localClassPath(), "dev.holdfast.local.cloud.LocalCloud"));
        for (URI address : List.of(sqs, s3, ses)) {
            arguments.add(String.valueOf(address.getPort()));
        }
        options.data().ifPresent(data -> arguments.add(data.toString()));
        return child(options, "local-cloud", arguments);
    }

    private static ChildCommand dynamoDb(StandInOptions options, URI address) {
        List<String> arguments = new ArrayList<>(jvm(options, "-Xmx384m"));
        arguments.addAll(List.of(
                "-cp",
                options.checkout().dynamoDbClassPath(),
                "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
                "-disableTelemetry",
                "-sharedDb",
                "-port",
                String.valueOf(address.getPort())));
        if (options.data().isEmpty()) {
            arguments.add("-inMemory");
        }
        for (Path data : options.data().stream().toList()) {
            Path folder = Folders.create(data.resolve("dynamodb"));
            arguments.addAll(List.of("-dbPath", folder.toString()));
        }
        return child(options, "dynamodb", arguments);
    }

    private static List<String> jvm(StandInOptions options, String heap) {
        List<String> flags = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                heap,
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        if (!options.fullJit()) {
            flags.add("-XX:TieredStopAtLevel=1");
        }
        return flags;
    }

    private static ChildCommand child(StandInOptions options, String name, List<String> arguments) {
        Path log = options.logs().resolve(name + ".log");
        return ChildCommand.java(name, log, options.checkout(), arguments, Map.of());
    }

    /** Where the stand-ins answer. */
    public AwsEndpoints endpoints() {
        return endpoints;
    }

    /** {@code local-cloud} and {@code dynamodb}. */
    public List<Child> children() {
        return List.copyOf(children);
    }

    /** Ends both, gracefully within 4 s, else by SIGKILL. */
    @Override
    public void close() {
        Children.stop(children, GRACE);
    }
}
