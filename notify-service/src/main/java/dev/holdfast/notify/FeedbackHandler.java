package dev.holdfast.notify;

import dev.holdfast.mail.Notification.State;
import dev.holdfast.mail.NotificationTable;
import dev.holdfast.mail.Readers;
import dev.holdfast.mail.Readers.Reason;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.notify.Feedback.Recipient;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Disposition.Delete;
import dev.holdfast.queue.Disposition.SetAside;
import dev.holdfast.queue.MessageHandler;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What SES tells of mails: notes it at the notification, and sees to it that no address is mailed in vain again. */
@Singleton
final class FeedbackHandler implements MessageHandler {

    private final NotificationTable notifications;
    private final Readers readers;
    private final Streams streams;
    private final DeliveryConfig config;
    private final Metrics metrics;

    FeedbackHandler(
            NotificationTable notifications, Readers readers, Streams streams, DeliveryConfig config, Metrics metrics) {
        this.notifications = notifications;
        this.readers = readers;
        this.streams = streams;
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public Disposition handle(Delivery delivery) {
        try {
            var feedback = Feedback.parse(delivery.body());
            metrics.mailFeedback(feedback.kind().name().toLowerCase(Locale.ROOT));
            heed(feedback);
            return new Delete();
        } catch (Feedback.MalformedException malformed) {
            return new SetAside("not an event of SES: " + malformed.getMessage());
        }
    }

    private void heed(Feedback feedback) {
        switch (feedback.kind()) {
            case DELIVERY -> note(feedback, State.DELIVERED, "");
            case BOUNCE -> bounced(feedback, Optional.empty());
            case SOFT_BOUNCE -> bounced(feedback, Optional.of(config.softBouncePause()));
            case COMPLAINT -> {
                for (var recipient : feedback.recipients()) {
                    readers.suppress(recipient.address(), Reason.COMPLAINT, Optional.empty());
                }
                note(feedback, State.COMPLAINED, feedback.detail());
            }
            case REJECT -> note(feedback, State.BOUNCED, "SES rejected it: " + feedback.detail());
            case OTHER -> {} // such as opens and clicks, which nobody here wants to know
        }
    }

    private void bounced(Feedback feedback, Optional<Duration> pause) {
        var reason = pause.isPresent() ? Reason.SOFT_BOUNCE : Reason.BOUNCE;
        for (var recipient : feedback.recipients()) readers.suppress(recipient.address(), reason, pause);
        var said = feedback.recipients().stream()
                .map(Recipient::diagnosis)
                .findFirst()
                .orElse("");
        note(feedback, State.BOUNCED, (feedback.detail() + " " + said).strip());
    }

    /** A mail of another sender of the account has no notification here. */
    private void note(Feedback feedback, State fate, String reason) {
        if (feedback.notification().isEmpty()) return;
        notifications
                .fate(feedback.notification(), feedback.messageId(), fate, reason)
                .ifPresent(notification -> streams.told(notification.tenant(), fate));
    }
}
