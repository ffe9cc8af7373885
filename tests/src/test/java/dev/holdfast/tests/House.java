package dev.holdfast.tests;

import dev.holdfast.local.Packaging;
import dev.holdfast.local.Stack;
import dev.holdfast.local.StackOptions;
import dev.holdfast.tests.client.HoldfastClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A running Holdfast with queues, tables and a bucket of its own: ingest, workers and notify as real processes. */
public final class House implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final List<Runnable> BEFORE_SHARED = new CopyOnWriteArrayList<>();

    public final String name;
    public final Stack stack;
    public final Api api;
    public final Mailbox mailbox;

    private House(String name, Stack stack) {
        this.name = name;
        this.stack = stack;
        this.api = new Api(stack.url(), stack.apiKey());
        this.mailbox = new Mailbox(Cloud.endpoints().mailbox());
    }

    /** Starts a house whose services are configured as {@code how} says. */
    public static House start(UnaryOperator<StackOptions> how) {
        var name = "test-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        var options = StackOptions.of(Cloud.CHECKOUT, Cloud.endpoints(), Cloud.LOGS.resolve(name))
                .in(Cloud.NATIVE ? Packaging.NATIVE : Packaging.CACHED)
                .with("HOLDFAST_RESOURCES_PREFIX", name + "-")
                .with("HOLDFAST_RESOURCES_BUCKET", name)
                .with("HOLDFAST_RESTORE_ROOTS", restores(name).toString())
                .with("HOLDFAST_CONNECTIONS_ENDPOINTS", Cloud.endpoints().s3() + "," + Postgres.SERVER)
                .with("HOLDFAST_BACKUP_TABLES", backedUpTable(name) + "," + missingTable(name))
                .with("HOLDFAST_POSTGRES_ROOT_CERTIFICATES", Postgres.CERTIFICATE.toString())
                .with("HOLDFAST_BACKUP_ROOTS", sources(name).toString())
                .with("HOLDFAST_BACKUP_BUCKETS", name + "-open/in/,local:" + name + "-mine")
                .with("HOLDFAST_RESTORE_BUCKETS", name + "-open/back/")
                .with("HOLDFAST_SMS_ENABLED", "true")
                .with("HOLDFAST_SMS_PREFIXES", "+49,+1")
                .with("HOLDFAST_SMS_PER_DAY", "3")
                .with("HOLDFAST_OUTBOUND_PORTS", "1-65535") // the tests' own receivers of webhooks, and sources
                .with("HOLDFAST_OUTBOUND_NETWORKS", "127.0.0.1/32")
                .with("HOLDFAST_FETCH_PLAIN", "true")
                .with("HOLDFAST_WEBHOOKS_PLAIN", "true")
                .with("HOLDFAST_WEBHOOKS_TIMEOUT", "2s")
                .with("HOLDFAST_WEBHOOKS_FIRST_RETRY", "1s");
        for (var tenant : List.of("LOCAL", "OWNER", "INTRUDER")) { // who may connect to the S3 of the test run
            options = options.with(
                            "HOLDFAST_SECRET_" + tenant + "_ACCESS",
                            Cloud.endpoints().accessKey())
                    .with(
                            "HOLDFAST_SECRET_" + tenant + "_SECRET",
                            Cloud.endpoints().secretKey());
        }
        return new House(name, Stack.start(how.apply(options)));
    }

    /**
     * The house that all tests share which leave it as they found it: two workers, default configuration, but for what
     * a test would only wait for.
     */
    static House shared() {
        return Shared.HOUSE;
    }

    /** Has something ended before the shared house starts: idle processes take time from those that are tested. */
    public static void beforeShared(Runnable end) {
        BEFORE_SHARED.add(end);
    }

    /** The name of a table that backups may read; a test makes it. */
    public String backedUpTable() {
        return backedUpTable(name);
    }

    private static String backedUpTable(String house) {
        return "orders." + house;
    }

    /** Another one, which nobody makes. */
    String missingTable() {
        return missingTable(name);
    }

    private static String missingTable(String house) {
        return "missing." + house;
    }

    /** Below which the workers of this house may restore. */
    Path restores() {
        return restores(name);
    }

    private static Path restores(String name) {
        return folder("restores", name);
    }

    /** What the workers of this house may back up. */
    Path sources() {
        return sources(name);
    }

    private static Path sources(String name) {
        return folder("sources", name);
    }

    private static Path folder(String purpose, String name) {
        try {
            var folder = Cloud.LOGS.resolveSibling(purpose).resolve(name);
            return Files.createDirectories(folder).toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The API as a Java team would call it. */
    HoldfastClient client() {
        return new HoldfastClient(stack.url(), stack.apiKey());
    }

    /** A new key of a tenant, which is added if there is none of that name. */
    public String key(String tenant, String... scopes) {
        var added = api.post("/v1/admin/tenants", "{\"name\": \"%s\"}".formatted(tenant));
        if (added.status() != 201 && added.status() != 409)
            throw new AssertionError(added.body().toString());
        var answer = api.post(
                "/v1/admin/keys",
                "{\"name\": \"test\", \"tenant\": \"%s\", \"scopes\": [\"%s\"]}"
                        .formatted(tenant, String.join("\", \"", scopes)));
        if (answer.status() != 201) throw new AssertionError(answer.body().toString());
        return answer.body().path("apiKey").asText();
    }

    /** The API as a process shows it, by the name of the process: {@code ingest}, {@code ingest-2} … */
    Api pod(String name) {
        return new Api(stack.service(name).health().getFirst().resolve("/"), stack.apiKey());
    }

    /** The full name of a table of this house. */
    public String table(String table) {
        return name + "-" + table;
    }

    /** The sum of a metric of ingest's over all its tags; 0 when it has not been counted yet. */
    public double metric(String metric) {
        var health = stack.service("ingest").health().getLast();
        var page = new Api(health.resolve("/"), "none")
                .get("/q/metrics")
                .response()
                .body();
        return page.lines()
                .filter(line -> line.matches(metric + "(\\{.*)? .*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Override
    public void close() {
        AwsPermissions.closing(this);
        stack.close();
    }

    /** Started by the first test that asks; ended with this JVM. */
    private static final class Shared {
        static {
            BEFORE_SHARED.forEach(Runnable::run);
        }

        static final House HOUSE = start(options -> options.with("HOLDFAST_DEAD_LETTERS_EVERY", "1s")
                .with("HOLDFAST_BACKUP_SHARD_OBJECTS", "100")
                .with("HOLDFAST_BACKUP_PIECE_BYTES", "1048576")
                .with("HOLDFAST_RESTORE_SHARD_OBJECTS", "100")
                .with("HOLDFAST_DEAD_LETTERS_REDRIVE_FOR", "5s")
                .with("HOLDFAST_SCHEDULES_OVERDUE_EVERY", "1s")
                .with("HOLDFAST_SCHEDULES_AGES_EVERY", "1s"));

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(HOUSE::close));
        }
    }
}
