package dev.holdfast.notify;

import dev.holdfast.job.Notify;
import dev.holdfast.mail.Notification;
import dev.holdfast.mail.Notification.State;
import dev.holdfast.mail.NotificationTable;
import dev.holdfast.mail.NotificationTable.Claim;
import dev.holdfast.mail.Readers.Wishes;
import dev.holdfast.mail.Topic;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.notify.mail.Mail;
import dev.holdfast.notify.mail.Postman;
import dev.holdfast.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Brings one mail, or one text message, to one recipient, once: claims it, asks whether it is wanted and allowed, sends
 * it, notes it.
 */
@Singleton
final class Dispatch {

    private static final Logger LOG = Logger.getLogger(Dispatch.class);

    private final NotificationTable notifications;
    private final Throttle throttle;
    private final Streams streams;
    private final Postman postman;
    private final Texts texts;
    private final Metrics metrics;
    private final Tracing tracing;
    private final InstantSource clock;

    Dispatch(
            NotificationTable notifications,
            Throttle throttle,
            Streams streams,
            Postman postman,
            Texts texts,
            Metrics metrics,
            Tracing tracing,
            InstantSource clock) {
        this.notifications = notifications;
        this.throttle = throttle;
        this.streams = streams;
        this.postman = postman;
        this.texts = texts;
        this.metrics = metrics;
        this.tracing = tracing;
        this.clock = clock;
    }

    /** What is to be done about a claimed notification. */
    sealed interface Plan {
        /** Send this. */
        record Send(Mail mail) implements Plan {}

        /** Send nothing, for good. */
        record Drop(State state, String reason) implements Plan {}

        /** It was settled by the plan's maker. */
        record Done() implements Plan {}
    }

    /**
     * Sends a mail unless it was sent.
     *
     * @param topic what the mail is about, as far as its reader may have asked to be spared of it
     * @param recipient an address, or a phone number: that gets a text message
     * @param plan asked once the notification is claimed
     * @return how long to wait before another look; zero when nothing is left to do
     */
    Duration deliver(Notification.Subject subject, Topic topic, String recipient, Wishes wishes, PlanMaker plan)
            throws InterruptedException {
        if (!tracing.isOn()) return claim(subject, topic, recipient, wishes, plan);
        var mail = tracing.step("mail " + subject.mail()).with("holdfast.tenant", subject.tenant());
        return mail.around(() -> {
            var wait = claim(subject, topic, recipient, wishes, plan);
            if (wait.isPositive()) mail.with("holdfast.mail.waits_ms", wait.toMillis());
            return wait;
        });
    }

    private Duration claim(Notification.Subject subject, Topic topic, String recipient, Wishes wishes, PlanMaker plan)
            throws InterruptedException {
        var held = held(subject.tenant(), recipient);
        if (held.isPresent()) return held.get();
        return switch (notifications.claim(subject, recipient)) {
            case Claim.Settled() -> {
                metrics.mailAbsorbed();
                yield Duration.ZERO;
            }
            case Claim.Busy(var until) ->
                Duration.between(clock.instant(), until).plusSeconds(1);
            case Claim.Mine mine -> {
                var objection = wishes.objection(topic);
                yield settle(
                        mine,
                        objection.isPresent() ? new Plan.Drop(State.SUPPRESSED, objection.get()) : plan.plan(mine));
            }
        };
    }

    private Optional<Duration> held(String tenant, String recipient) {
        return Notify.isPhone(recipient)
                ? Optional.empty()
                : streams.held(tenant).or(throttle::held);
    }

    /** Says what is to be done. */
    interface PlanMaker {
        Plan plan(Claim.Mine mine) throws InterruptedException;
    }

    private Duration settle(Claim.Mine mine, Plan plan) throws InterruptedException {
        return switch (plan) {
            case Plan.Done() -> Duration.ZERO;
            case Plan.Drop(var state, var reason) -> {
                notifications.settle(mine, state, reason);
                metrics.mailDropped(state.wireName());
                see(state);
                yield Duration.ZERO;
            }
            case Plan.Send(var mail) -> send(mine, mail);
        };
    }

    private Duration send(Claim.Mine mine, Mail mail) throws InterruptedException {
        try {
            var job = mine.subject().job().orElse("");
            var outcome = Notify.isPhone(mine.recipient())
                    ? texts.send(mine, mail)
                    : throttle.send(() -> postman.send(
                            mail, mine.recipient(), mine.id(), mine.subject().tenant(), job));
            return switch (outcome) {
                case Throttle.Outcome.Taken(var messageId) -> {
                    notifications.sent(mine, messageId);
                    see(State.SENT);
                    Span.current().setAttribute("holdfast.mail.message_id", messageId);
                    if (Notify.isPhone(mine.recipient()))
                        metrics.textSent(mail.kind().wireName());
                    else metrics.mailSent(mail.kind().wireName());
                    LOG.infof(
                            "mail sent jobId=%s mail=%s messageId=%s",
                            job, mail.kind().wireName(), messageId);
                    yield Duration.ZERO;
                }
                case Throttle.Outcome.Refused(var reason) -> {
                    notifications.settle(mine, State.REFUSED, reason);
                    metrics.mailDropped(State.REFUSED.wireName());
                    see(State.REFUSED);
                    LOG.errorf(
                            "mail refused jobId=%s mail=%s error=%s",
                            job, mail.kind().wireName(), reason);
                    yield Duration.ZERO;
                }
                case Throttle.Outcome.Later(var delay, var reason) -> {
                    notifications.release(mine, reason);
                    yield delay;
                }
            };
        } catch (SdkException | InterruptedException unsure) {
            notifications.release(mine, String.valueOf(unsure.getMessage()));
            throw unsure;
        }
    }

    /** In the trace. */
    private static void see(State state) {
        Span.current().setAttribute("holdfast.mail.state", state.wireName());
    }
}
