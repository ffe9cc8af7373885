package dev.holdfast.outbound;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How backups fetch what is named by a URL. */
@ConfigMapping(prefix = "holdfast.fetch")
public interface FetchConfig {

    /** Whether the URL may begin with {@code http://}: for tests, and networks of one's own. */
    @WithDefault("false")
    boolean plain();

    /** How long a call may take, from looking its name up to the head of its answer. 1 s to 5 m. */
    @WithDefault("30s")
    Duration timeout();

    /** How long a server may pause in the middle of the content. 1 s to 1 h. */
    @WithDefault("1m")
    Duration idle();

    /** How long the whole content may take. 1 s to 24 h. */
    @WithDefault("6h")
    Duration longest();

    /** The largest content, in bytes. 1 to 5497558138880 (5 TiB). */
    @WithDefault("107374182400")
    long bytes();

    /** How many redirects are followed, each judged as the URL itself was. 0 to 20. */
    @WithDefault("5")
    int redirects();
}
