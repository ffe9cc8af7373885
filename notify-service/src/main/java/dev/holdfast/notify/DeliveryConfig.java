package dev.holdfast.notify;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Who is spared of what, and when too much goes wrong. */
@ConfigMapping(prefix = "holdfast.notify")
interface DeliveryConfig {

    /** How long the same failure of one schedule is counted before it is told again. 1 s to 12 h. */
    @WithDefault("1h")
    Duration repeatWindow();

    /**
     * Mails about jobs that one address gets from one process within a burst window; the rest is told by one. 1 to
     * 10000.
     */
    @WithDefault("30")
    int burst();

    /** How long a burst is gathered before it is told. 1 s to 12 h. */
    @WithDefault("10m")
    Duration burstWindow();

    /** How long an address is spared after a soft bounce, such as a full mailbox. 1 min to 30 d. */
    @WithDefault("24h")
    Duration softBouncePause();

    /** The share of mails of a tenant within a day, in percent, whose bounce stops its mails. 0.1 to 100. */
    @WithDefault("5")
    double stopAtBounces();

    /** The same for complaints. 0.01 to 100. */
    @WithDefault("0.3")
    double stopAtComplaints();

    /** Mails of a tenant within a day of which SES has told, below which nothing is stopped. 1 to 1000000. */
    @WithDefault("100")
    long stopSample();

    /** How long a mail waits on its queue while no mail of its kind can leave. 1 s to 1 h. */
    @WithDefault("5m")
    Duration heldFor();

    /** How often the rates, the SES account and digests are looked at. 1 s to 10 min. */
    @WithDefault("30s")
    Duration every();
}
