package dev.holdfast.ingest.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the HTTP door bears. */
@ConfigMapping(prefix = "holdfast.http")
public interface HttpConfig {

    /**
     * Requests of one tenant that may wait in one process at the same time, by {@code ?wait} or for events. 1 to
     * 100,000.
     */
    @WithDefault("2000")
    int waitingPerTenant();

    /** How long the headers of a request may take to arrive, from their first byte. 100 ms to 1 min. */
    @WithDefault("10s")
    Duration headerTimeout();

    /** How long the body of a request may take to arrive after its headers. 100 ms to 5 min. */
    @WithDefault("30s")
    Duration bodyTimeout();

    /** Bytes of the first line of a request: method, path and query. 1,024 to 65,536. */
    @WithDefault("8192")
    int maxRequestLine();

    /** Bytes of all headers of a request together. 4,096 to 1,048,576. */
    @WithDefault("16384")
    int maxHeaderBytes();

    /** Headers of a request. 20 to 1,000. */
    @WithDefault("100")
    int maxHeaders();

    /** Parameters of a query, those of the same name counted each. 10 to 1,000. */
    @WithDefault("100")
    int maxQueryParameters();

    /** Connections of one process; the next is closed without an answer. 10 to 1,000,000. */
    @WithDefault("10000")
    int maxConnections();
}
