package dev.holdfast.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.job.Json;
import dev.holdfast.notify.mail.Postman;
import java.util.ArrayList;
import java.util.List;

/**
 * An event of SES, as SNS puts it on the queue: in an envelope of SNS's, or bare where the subscription delivers raw.
 * SQS itself proves that it comes from the topic (by the queue's policy); there is no other way in, so no signature is
 * to be checked.
 *
 * @param messageId what SES calls the mail
 * @param notification the id that was given along with the mail; empty: the mail is not ours
 * @param recipients whom it is about; none for deliveries
 * @param detail what SES says of it
 */
record Feedback(Kind kind, String messageId, String notification, List<Recipient> recipients, String detail) {

    /** What has happened. */
    enum Kind {
        DELIVERY,
        BOUNCE,
        SOFT_BOUNCE,
        COMPLAINT,
        REJECT,
        OTHER
    }

    /** An address, and what its server said. */
    record Recipient(String address, String diagnosis) {}

    /** The text is no event of SES. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    static Feedback parse(String body) throws MalformedException {
        var tree = tree(body);
        if (tree.has("Type")) {
            if (!"Notification".equals(text(tree, "Type")))
                throw new MalformedException("an SNS " + text(tree, "Type"));
            tree = tree(text(tree, "Message"));
        }
        var mail = tree.path("mail");
        var messageId = text(mail, "messageId");
        var tags = mail.path("tags").path(Postman.NOTIFICATION);
        var notification = tags.path(0).asText("");
        var type = text(tree, "eventType");
        return switch (type) {
            case "Delivery" -> new Feedback(Kind.DELIVERY, messageId, notification, List.of(), "");
            case "Bounce" -> bounce(tree.path("bounce"), messageId, notification);
            case "Complaint" ->
                new Feedback(
                        Kind.COMPLAINT,
                        messageId,
                        notification,
                        recipients(tree.path("complaint"), "complainedRecipients"),
                        tree.path("complaint").path("complaintFeedbackType").asText("complaint"));
            case "Reject" ->
                new Feedback(
                        Kind.REJECT,
                        messageId,
                        notification,
                        List.of(),
                        tree.path("reject").path("reason").asText(""));
            case "Send", "Open", "Click", "DeliveryDelay", "Rendering Failure", "Subscription" ->
                new Feedback(Kind.OTHER, messageId, notification, List.of(), type);
            default -> throw new MalformedException("unknown eventType " + type);
        };
    }

    private static Feedback bounce(JsonNode bounce, String messageId, String notification) throws MalformedException {
        var type = text(bounce, "bounceType");
        var recipients = recipients(bounce, "bouncedRecipients");
        var detail = (type + " " + bounce.path("bounceSubType").asText("")).strip();
        return new Feedback(
                type.equals("Permanent") ? Kind.BOUNCE : Kind.SOFT_BOUNCE, messageId, notification, recipients, detail);
    }

    private static List<Recipient> recipients(JsonNode parent, String name) throws MalformedException {
        var recipients = new ArrayList<Recipient>();
        for (var recipient : parent.path(name)) {
            recipients.add(new Recipient(
                    text(recipient, "emailAddress"),
                    recipient.path("diagnosticCode").asText("")));
        }
        if (recipients.isEmpty()) throw new MalformedException("no " + name);
        return recipients;
    }

    private static JsonNode tree(String json) throws MalformedException {
        try {
            var tree = Json.mapper().readTree(json);
            if (tree != null && tree.isObject()) return tree;
        } catch (JsonProcessingException garbage) {
            // answered like any other text
        }
        throw new MalformedException("not a JSON object");
    }

    private static String text(JsonNode parent, String field) throws MalformedException {
        var value = parent.path(field);
        if (!value.isTextual() || value.textValue().isEmpty()) throw new MalformedException("no " + field);
        return value.textValue();
    }
}
