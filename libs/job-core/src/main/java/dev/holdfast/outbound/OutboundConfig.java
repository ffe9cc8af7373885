package dev.holdfast.outbound;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Whom a tenant may have called. */
@ConfigMapping(prefix = "holdfast.outbound")
public interface OutboundConfig {

    /** The ports that may be called, such as {@code 443,8443} or {@code 8000-8999}. 1 to 65535. */
    @WithDefault("443")
    List<String> ports();

    /**
     * Networks that may be called although they are not public, such as {@code 10.1.0.0/16,fd00:1::/32}. None, unless
     * set.
     */
    Optional<List<String>> networks();
}
