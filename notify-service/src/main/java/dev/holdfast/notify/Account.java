package dev.holdfast.notify;

import dev.holdfast.catalog.Leases;
import dev.holdfast.metrics.Metrics;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.model.GetAccountResponse;
import software.amazon.awssdk.services.sesv2.model.SesV2Exception;

/**
 * What the SES account allows, asked for regularly. The rate is shared: each notifier holds a row that says it is
 * there, and takes its part of the rate by their number; no mail costs a write for it.
 */
@Singleton
final class Account {

    private static final Logger LOG = Logger.getLogger(Account.class);

    /** The rows of notifiers. */
    private static final String SENDERS = "SENDERS";

    private final SesV2Client ses;
    private final Leases leases;
    private final Pace pace;
    private final DeliveryConfig config;
    private final Metrics metrics;
    private final AtomicLong remaining = new AtomicLong(Long.MAX_VALUE);
    private volatile Optional<String> blocked = Optional.empty();
    private volatile boolean sandbox;
    private volatile int senders = 1;

    Account(SesV2Client ses, Leases leases, Pace pace, DeliveryConfig config, Metrics metrics) {
        this.ses = ses;
        this.leases = leases;
        this.pace = pace;
        this.config = config;
        this.metrics = metrics;
    }

    /** Asks SES, and takes this process's share. A failure leaves everything as it was. */
    @Scheduled(
            every = "{holdfast.notify.every}",
            delayed = "{holdfast.notify.every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void look() {
        try {
            var account = ses.getAccount(get -> {});
            senders = leases.join(SENDERS, config.every().multipliedBy(3));
            apply(account);
        } catch (SdkException e) {
            LOG.warnf("the SES account cannot be looked at, and is tried again error=%s", e.getMessage());
        }
    }

    private void apply(GetAccountResponse account) {
        sandbox = Boolean.FALSE.equals(account.productionAccessEnabled());
        var quota = account.sendQuota();
        var left = quota == null || quota.max24HourSend() == null || quota.max24HourSend() < 0
                ? Long.MAX_VALUE
                : (long) (quota.max24HourSend() - (quota.sentLast24Hours() == null ? 0 : quota.sentLast24Hours()));
        remaining.set(left);
        if (quota != null && quota.maxSendRate() != null && quota.maxSendRate() > 0) {
            pace.share(quota.maxSendRate() / senders);
        }
        if (Boolean.FALSE.equals(account.sendingEnabled())) block("SES has paused sending for this account.");
        else if (left <= 0) block("The daily quota of SES is spent; mails wait until it allows more.");
        else blocked = Optional.empty();
        metrics.mailAccount(left, blocked.isPresent(), pace::rate);
    }

    /** Leaves its part of the rate to the others. */
    void leave() {
        try {
            leases.leave(SENDERS);
        } catch (SdkException e) {
            LOG.debugf("its part of the rate falls to the others later error=%s", e.getMessage());
        }
    }

    /** How many notifiers there are, this one included. */
    int senders() {
        return senders;
    }

    /** Why no mail can leave for the time being; empty: they can. */
    Optional<String> blocked() {
        return blocked;
    }

    /** No mail is tried before SES was asked again. */
    void block(String reason) {
        if (blocked.isEmpty()) LOG.errorf("no mail leaves error=%s", reason);
        blocked = Optional.of(reason);
        metrics.mailAccount(Math.max(0, remaining.get()), true, pace::rate);
    }

    /** SES took one more. */
    void sent() {
        if (remaining.decrementAndGet() <= 0)
            block("The daily quota of SES is spent; mails wait until it allows more.");
    }

    /** What SES said, and what an operator can do about it. */
    String explain(SesV2Exception failure) {
        var said = String.valueOf(failure.getMessage());
        if (!said.contains("not verified")) return said;
        return sandbox
                ? said
                        + " The SES account is in the sandbox: it mails to verified addresses and domains only. Verify this"
                        + " one, or ask AWS for production access."
                : said + " Verify the sender (holdfast.mail.from) or its domain in SES.";
    }
}
