package dev.holdfast.ingest.access;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Notes when keys were last used, beside the requests: a use is written within five seconds, and the next one of the
 * same key an hour later. So a key costs each process one write an hour, and its date may be an hour old.
 */
@Singleton
public final class LastUses {

    private static final Logger LOG = Logger.getLogger(LastUses.class);
    private static final Duration WRITTEN_EVERY = Duration.ofHours(1);

    /** Keys whose uses are remembered; what would be more is written with its next use after that. */
    private static final int MOST = 10_000;

    private final KeyTable table;
    private final ConcurrentMap<String, Instant> written = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Instant> unwritten = new ConcurrentHashMap<>();

    LastUses(KeyTable table) {
        this.table = table;
    }

    /** A map's look-up, and seldom more. */
    void note(ApiKey key, Instant now) {
        var before = written.getOrDefault(key.id(), key.lastUsedAt().orElse(Instant.EPOCH));
        if (before.plus(WRITTEN_EVERY).isBefore(now) && unwritten.size() < MOST) unwritten.put(key.id(), now);
    }

    @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void write() {
        for (var use : new ArrayList<>(unwritten.entrySet())) {
            try {
                table.used(use.getKey(), use.getValue());
                if (written.size() >= MOST) written.clear();
                written.put(use.getKey(), use.getValue());
                unwritten.remove(use.getKey());
            } catch (SdkException e) {
                LOG.warnf("use of a key not noted, and is tried again key=%s error=%s", use.getKey(), e);
                return;
            }
        }
    }
}
