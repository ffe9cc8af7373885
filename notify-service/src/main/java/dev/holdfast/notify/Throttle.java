package dev.holdfast.notify;

import dev.holdfast.metrics.Metrics;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sesv2.model.BadRequestException;
import software.amazon.awssdk.services.sesv2.model.SesV2Exception;

/**
 * Keeps to what SES allows. Two kinds of refusal are told apart: too many mails a second pass within seconds and are
 * waited for here, the mail in hand; a spent daily quota, a paused or unready account lasts for hours, and sends the
 * mails back to their queue. Neither costs a mail an attempt: it is sent again until SES takes it or refuses it for
 * good.
 */
@Singleton
final class Throttle {

    private static final Logger LOG = Logger.getLogger(Throttle.class);

    /** A mail that SES throttles so often in a row goes back to its queue. */
    private static final int PATIENCE = 8;

    /** Begins no further try of a mail later than that: its claim must not run out. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final Duration SECONDS = Duration.ofSeconds(5);

    private final Pace pace;
    private final Account account;
    private final DeliveryConfig config;
    private final Metrics metrics;

    Throttle(Pace pace, Account account, DeliveryConfig config, Metrics metrics) {
        this.pace = pace;
        this.account = account;
        this.config = config;
        this.metrics = metrics;
    }

    /** What SES made of a mail. */
    sealed interface Outcome {
        record Taken(String messageId) implements Outcome {}

        record Refused(String reason) implements Outcome {}

        record Later(Duration delay, String reason) implements Outcome {}
    }

    /** How long no mail can leave; empty: they can. */
    Optional<Duration> held() {
        return account.blocked().map(reason -> config.heldFor());
    }

    /** Sends when it is its turn, and again while SES asks for a little patience. */
    Outcome send(Supplier<String> mail) throws InterruptedException {
        var giveUpAt = System.nanoTime() + LONGEST.toNanos();
        for (var tries = 1; System.nanoTime() < giveUpAt && pace.take(); tries++) {
            try {
                var messageId = mail.get();
                pace.taken();
                account.sent();
                return new Outcome.Taken(messageId);
            } catch (SesV2Exception failure) {
                pace.giveBack();
                var later = judge(failure, tries);
                if (later.isPresent()) return later.get();
                pace.throttled();
                Thread.sleep(Math.min(1_000L, 25L << tries));
            }
        }
        return new Outcome.Later(SECONDS, "it is not its turn yet");
    }

    /** Empty: try again at once when it is its turn. */
    private Optional<Outcome> judge(SesV2Exception failure, int tries) {
        return switch (SesFailure.of(failure)) {
            case SECONDS -> {
                metrics.mailThrottled();
                yield tries < PATIENCE
                        ? Optional.empty()
                        : Optional.of(new Outcome.Later(SECONDS, String.valueOf(failure.getMessage())));
            }
            case HOURS -> {
                var reason = account.explain(failure);
                account.block(reason);
                LOG.errorf("mail waits error=%s", reason);
                yield Optional.of(new Outcome.Later(config.heldFor(), reason));
            }
            case ADDRESS -> {
                var reason = account.explain(failure);
                LOG.errorf("mail waits error=%s", reason);
                yield Optional.of(new Outcome.Later(config.heldFor(), reason));
            }
            case NEVER -> Optional.of(new Outcome.Refused(String.valueOf(failure.getMessage())));
            case UNKNOWN -> throw failure;
        };
    }

    /** What a refusal of SES's means. */
    enum SesFailure {
        /** Too many mails a second. */
        SECONDS,
        /** The daily quota is spent, or the account is paused. */
        HOURS,
        /** This sender or recipient is not verified: others may be. */
        ADDRESS,
        /** The mail itself is at fault. */
        NEVER,
        /** An error of SES's own. */
        UNKNOWN;

        static SesFailure of(SesV2Exception failure) {
            var code = failure.awsErrorDetails() == null
                    ? ""
                    : failure.awsErrorDetails().errorCode();
            var text = String.valueOf(failure.getMessage());
            if (text.contains("Daily message quota exceeded")) return HOURS;
            return switch (String.valueOf(code)) {
                case "TooManyRequestsException", "ThrottlingException", "Throttling" -> SECONDS;
                case "SendingPausedException", "AccountSuspendedException", "LimitExceededException" -> HOURS;
                case "MessageRejected", "MailFromDomainNotVerifiedException", "NotFoundException" -> ADDRESS;
                case "BadRequestException" -> NEVER;
                default -> failure instanceof BadRequestException ? NEVER : UNKNOWN;
            };
        }
    }
}
