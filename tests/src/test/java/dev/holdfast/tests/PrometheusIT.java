package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A real Prometheus looks at the running services, with the alert rules of {@code deploy/observability}. */
class PrometheusIT {

    private static final Path BINARY = Path.of("/usr/bin/prometheus");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Metrics of the frameworks that dashboards and alerts name, and some of our own. */
    private static final List<String> SEEN =
            List.of("http_server_requests_seconds_count", "jvm_memory_used_bytes", "slots", "sqs_calls_total");

    private final House house = House.shared();

    @Test
    void everyServiceIsReadAndNoAlertIsBroken() throws IOException {
        if (!Files.isExecutable(BINARY)) {
            System.out.println("NOT VERIFIED: that Prometheus reads the services: there is no " + BINARY + " here");
            Assumptions.abort("NOT VERIFIED: no prometheus");
        }
        house.api.get("/v1/jobs");
        var port = port();
        var prometheus = start(port);
        try {
            var api = new Api(URI.create("http://127.0.0.1:" + port + "/"), "none");
            var services = house.stack.services().size();

            // then
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(values(api, "up{job=\"holdfast\"} == 1")).isEqualTo(services));
            for (var metric : SEEN) {
                await().atMost(LIMIT)
                        .untilAsserted(
                                () -> assertThat(values(api, metric)).as(metric).isPositive());
            }
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(api.get("/api/v1/rules").body().findValuesAsText("health"))
                                    .hasSizeGreaterThan(10)
                                    .containsOnly("ok"));
        } finally {
            prometheus.destroy();
            prometheus.onExit().orTimeout(5, TimeUnit.SECONDS).join();
        }
    }

    private static int port() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private Process start(int port) throws IOException {
        var folder = Files.createDirectories(Cloud.LOGS.resolve("prometheus-" + port));
        var targets = house.stack.services().stream()
                .map(service -> '"' + service.health().getLast().getAuthority() + '"')
                .collect(Collectors.joining(", "));
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s"]
                scrape_configs:
                  - job_name: holdfast
                    metrics_path: /q/metrics
                    static_configs: [{targets: [%s]}]
                """.formatted(
                        Cloud.CHECKOUT.root().resolve("deploy/observability/prometheus/rules.yml"), targets));
        return new ProcessBuilder(
                        BINARY.toString(),
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** How many series an expression has now. */
    private static int values(Api prometheus, String expression) {
        return prometheus
                .get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .body()
                .path("data")
                .path("result")
                .size();
    }
}
