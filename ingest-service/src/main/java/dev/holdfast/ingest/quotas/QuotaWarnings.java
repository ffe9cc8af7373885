package dev.holdfast.ingest.quotas;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import dev.holdfast.run.JobQueues;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tells the notifier of tenants that come near to a quota: one mail a day (UTC) for each quota, whichever processes see
 * it. The one request that finds it out waits until SQS has taken the word.
 */
@Singleton
final class QuotaWarnings {

    private static final Logger LOG = Logger.getLogger(QuotaWarnings.class);

    private static final int NEAR_PERCENT = 80;

    private final JobQueues queues;
    private final InstantSource clock;
    private final Cache<Warning, Boolean> told = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofDays(1))
            .build();

    private record Warning(String tenant, String quota, LocalDate day) {}

    QuotaWarnings(JobQueues queues, InstantSource clock) {
        this.queues = queues;
        this.clock = clock;
    }

    /** So much of a quota is used; heeded from 80 % on. */
    void used(String tenant, String quota, long used, long limit) {
        if (used < limit / 100.0 * NEAR_PERCENT) return;
        var warning = new Warning(tenant, quota, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        if (told.asMap().putIfAbsent(warning, true) != null) return;
        tell(warning, used, limit);
    }

    private void tell(Warning warning, long used, long limit) {
        var facts = Map.of(
                Fact.QUOTA, warning.quota(),
                Fact.USED, Long.toString(used),
                Fact.LIMIT, Long.toString(limit));
        var key = warning.quota() + "#" + warning.day();
        try {
            queues.alert(
                    Alert.of(MailKind.QUOTA_WARNING, warning.tenant(), key, List.of(), clock.instant(), facts),
                    Duration.ZERO);
        } catch (SdkException e) {
            told.invalidate(warning);
            LOG.warnf(
                    "quota warning not sent, and is tried again tenant=%s error=%s", warning.tenant(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
