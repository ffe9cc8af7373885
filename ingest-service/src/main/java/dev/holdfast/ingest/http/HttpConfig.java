package dev.holdfast.ingest.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** The HTTP door as clients see it. */
@ConfigMapping(prefix = "holdfast.public")
public interface HttpConfig {

    /** Where clients and readers of mails reach this service, without a slash at the end. */
    @WithDefault("http://localhost:8080")
    URI url();
}
