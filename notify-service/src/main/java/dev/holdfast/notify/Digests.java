package dev.holdfast.notify;

import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.MailSettingsTable;
import dev.holdfast.run.JobQueues;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Asks for the digests that are due. Every notifier does so: that one is asked for twice makes no second mail of it.
 */
@Singleton
final class Digests {

    private static final Logger LOG = Logger.getLogger(Digests.class);

    private final MailSettingsTable settings;
    private final JobQueues queues;

    Digests(MailSettingsTable settings, JobQueues queues) {
        this.settings = settings;
        this.queues = queues;
    }

    @Scheduled(
            every = "{holdfast.notify.every}",
            delayed = "{holdfast.notify.every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void look() throws InterruptedException {
        try {
            for (var due : settings.due()) {
                var digest = due.digest();
                var facts = Map.of(
                        Fact.SINCE, digest.since(due.at()).toString(),
                        Fact.UNTIL, due.at().toString(),
                        Fact.PERIOD, digest.every().name() + " " + digest.timezone());
                queues.alert(
                        Alert.of(MailKind.DIGEST, due.tenant(), due.at().toString(), digest.email(), due.at(), facts),
                        Duration.ZERO);
                settings.digested(due);
            }
        } catch (SdkException e) {
            LOG.warnf("looking for digests failed, and is tried again error=%s", e.getMessage());
        }
    }
}
