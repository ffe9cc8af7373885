package dev.holdfast.mail;

import dev.holdfast.dynamo.Item;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * One mail or text message to one recipient, or one call of a webhook, and what became of it.
 *
 * @param id follows from what it is about and from the recipient, so that it is one however often it is asked for
 * @param job what it is about, if that is a job
 * @param recipient an address, a phone number, or the URL of a webhook
 * @param messageId what SES calls the mail, or SNS the text message; empty before it was taken
 * @param reason why it stands as it does, when that needs a word
 * @param settledAt when it came into this state
 */
public record Notification(
        String id,
        String tenant,
        Optional<String> job,
        String mail,
        String recipient,
        State state,
        Instant createdAt,
        Optional<Instant> settledAt,
        Optional<String> messageId,
        Optional<String> reason) {

    /** In the place of a kind of mail: it is the call of a webhook. */
    public static final String WEBHOOK = "webhook";

    /** How it stands. */
    public enum State {
        /** Somebody is about to send it, or waits until it may be sent. */
        SENDING,
        /** SES took it, or SNS: of a text message no more is known. */
        SENT,
        /** The reader's server took it; or the webhook did. */
        DELIVERED,
        /** The reader's server refused it. */
        BOUNCED,
        /** The reader called it spam. */
        COMPLAINED,
        /**
         * It was not sent, since the address bounced or complained before, or asked to be spared; or the webhook was
         * deleted or disabled.
         */
        SUPPRESSED,
        /** SES refused it for good; or the call of a webhook was given up. */
        REFUSED,
        /** It was not sent, but counted: another mail tells of it. */
        GATHERED;

        /** The name in the HTTP API. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<State> named(String wireName) {
            return Arrays.stream(values())
                    .filter(state -> state.wireName().equals(wireName))
                    .findFirst();
        }
    }

    /**
     * What a mail, or the call of a webhook, is about.
     *
     * @param mail which kind of mail, or {@link #WEBHOOK}
     * @param about with the recipient it makes the mail what it is
     */
    public record Subject(String tenant, Optional<String> job, String mail, String about, long fence) {

        public Subject(String tenant, Optional<String> job, MailKind mail, String about, long fence) {
            this(tenant, job, mail.wireName(), about, fence);
        }

        /** The id of the mail about it to a recipient: 40 hexadecimal digits. */
        String id(String recipient) {
            try {
                var key = tenant + "\n" + about + "\n" + recipient.toLowerCase(Locale.ROOT);
                var hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(hash, 0, 20);
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java platform has SHA-256", impossible);
            }
        }
    }

    static Notification of(Item item) {
        return new Notification(
                item.text("id"),
                item.text("tenant"),
                item.optionalText("job"),
                item.text("mail"),
                item.text("recipient"),
                State.valueOf(item.text("state")),
                item.time("createdAt"),
                item.optionalTime("settledAt"),
                item.optionalText("messageId"),
                item.optionalText("reason"));
    }
}
