package dev.holdfast.ingest.http;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;

import dev.holdfast.core.Range;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/** Tells the HTTP server the limits that it keeps by itself. It speaks HTTP/1.1: HTTP/2 ends at the load balancer. */
@Singleton
final class HttpServerSettings implements HttpServerOptionsCustomizer {

    private final HttpConfig config;

    /** Throws {@link IllegalArgumentException} naming a setting that is out of its range. */
    HttpServerSettings(HttpConfig config) {
        Range.check("holdfast.http.header-timeout", config.headerTimeout(), ofMillis(100), ofMinutes(1));
        Range.check("holdfast.http.body-timeout", config.bodyTimeout(), ofMillis(100), ofMinutes(5));
        Range.check("holdfast.http.max-request-line", config.maxRequestLine(), 1_024, 65_536);
        Range.check("holdfast.http.max-header-bytes", config.maxHeaderBytes(), 4_096, 1_048_576);
        Range.check("holdfast.http.max-headers", config.maxHeaders(), 20, 1_000);
        Range.check("holdfast.http.max-query-parameters", config.maxQueryParameters(), 10, 1_000);
        Range.check("holdfast.http.max-connections", config.maxConnections(), 10, 1_000_000);
        this.config = config;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setMaxInitialLineLength(config.maxRequestLine())
                .setMaxHeaderSize(config.maxHeaderBytes())
                .setHttp2ClearTextEnabled(false);
    }
}
