package dev.holdfast.local.ses;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The call Publish of SNS, to phone numbers alone. A text message lies in the mailbox, as a mail to a number; mails and
 * text messages meet the same faults.
 */
final class TextApi {
    private static final String PHONE = "\\+[1-9][0-9]{6,14}";
    /** The SNS limit of one text message. */
    private static final int MAX_LENGTH = 1_600;

    private final InstantSource clock;
    private final Mailbox mailbox;
    private final Faults faults;

    TextApi(InstantSource clock, Mailbox mailbox, Faults faults) {
        this.clock = clock;
        this.mailbox = mailbox;
        this.faults = faults;
    }

    /** Answers in the XML of the AWS query protocol, errors too. */
    Exchange.Reply answer(Exchange exchange) {
        try {
            return publish(exchange);
        } catch (SesFailure failure) {
            return reply(failure.status(), """
                    <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>%s</Type><Code>%s</Code>\
                    <Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>""".formatted(
                            failure.status() < 500 ? "Sender" : "Receiver",
                            failure.type(),
                            escaped(String.valueOf(failure.getMessage())),
                            UUID.randomUUID()));
        }
    }

    private Exchange.Reply publish(Exchange exchange) {
        Map<String, String> form = exchange.form();
        if (!"Publish".equals(form.get("Action"))) {
            throw exchange.unknown();
        }
        String number = form.getOrDefault("PhoneNumber", "");
        if (!number.matches(PHONE)) {
            throw SesFailure.invalidParameter(
                    "Invalid parameter: PhoneNumber Reason: " + number + " is not valid to publish to");
        }
        String message = form.getOrDefault("Message", "");
        if (message.isEmpty() || message.length() > MAX_LENGTH) {
            throw SesFailure.invalidParameter("Invalid parameter: Message is empty or too long");
        }
        faults.beforeSend(List.of(number));
        String id = UUID.randomUUID().toString();
        mailbox.add(text(id, number, message, attributes(form)));
        return reply(200, """
                <PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>%s</MessageId>\
                </PublishResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></PublishResponse>""".formatted(id, UUID.randomUUID()));
    }

    private Mail text(String id, String number, String message, List<Mail.Header> attributes) {
        String sender = attributes.stream()
                .filter(attribute -> attribute.name().equals("AWS.SNS.SMS.SenderID"))
                .map(Mail.Header::value)
                .findFirst()
                .orElse("SNS");
        String now = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        List<String> nobody = List.of();
        return new Mail(
                id, now, sender, List.of(number), nobody, nobody, nobody, "", message, "", attributes, Map.of(), "");
    }

    private static List<Mail.Header> attributes(Map<String, String> form) {
        return form.keySet().stream()
                .filter(key -> key.matches("MessageAttributes\\.entry\\.\\d+\\.Name"))
                .sorted()
                .map(key -> new Mail.Header(
                        form.getOrDefault(key, ""), form.getOrDefault(key.replace(".Name", ".Value.StringValue"), "")))
                .toList();
    }

    private static Exchange.Reply reply(int status, String xml) {
        return new Exchange.Reply(status, "text/xml", "", xml);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
