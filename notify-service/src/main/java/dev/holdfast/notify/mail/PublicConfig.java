package dev.holdfast.notify.mail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** The HTTP door as readers of mails see it. */
@ConfigMapping(prefix = "holdfast.public")
public interface PublicConfig {

    /** Where readers of mails reach the ingest service, without a slash at the end. */
    @WithDefault("http://localhost:8080")
    URI url();
}
