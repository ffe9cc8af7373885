package dev.holdfast.local.ses;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * What becomes of mails, told as SES tells it through SNS to SQS: for a mail under the configuration set {@code NAME}
 * to the queue {@code NAME-feedback}. Each mail is delivered at once, unless it goes to an address of the mailbox
 * simulator ({@code bounce@}, {@code softbounce@}, {@code complaint@} of {@code simulator.amazonses.com}, with or
 * without a {@code +label}).
 */
final class Events {
    private static final String SIMULATOR = "@simulator.amazonses.com";
    private static final String ACCOUNT = "000000000000";

    private final JsonMapper json;
    private final InstantSource clock;
    private final Optional<URI> sqs;
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param sqs where the queues are; empty: nobody is told */
    Events(JsonMapper json, InstantSource clock, Optional<URI> sqs) {
        this.json = json;
        this.clock = clock;
        this.sqs = sqs;
    }

    /** What may happen to a mail. */
    enum Fate {
        DELIVERY,
        BOUNCE,
        SOFT_BOUNCE,
        COMPLAINT,
        REJECT
    }

    /** Tells what happens by itself to a mail that was just sent; does not wait for SQS. */
    void sent(Mail mail) {
        if (sqs.isEmpty() || mail.configurationSet().isEmpty()) return;
        Thread.ofVirtual().name("events").start(() -> {
            for (String address : mail.recipients()) tell(mail, address, fateOf(Mail.address(address)));
        });
    }

    private static Fate fateOf(String address) {
        if (!address.endsWith(SIMULATOR)) return Fate.DELIVERY;
        return switch (address.substring(0, address.length() - SIMULATOR.length())
                .replaceFirst("\\+.*", "")) {
            case "bounce" -> Fate.BOUNCE;
            case "softbounce" -> Fate.SOFT_BOUNCE;
            case "complaint" -> Fate.COMPLAINT;
            default -> Fate.DELIVERY;
        };
    }

    /** Tells it of one recipient; throws a BadRequestException where nobody can be told. */
    void tell(Mail mail, String recipient, Fate fate) {
        if (sqs.isEmpty() || mail.configurationSet().isEmpty()) {
            throw SesFailure.badRequest("the mail was sent without a configuration set, so nobody is told of its fate");
        }
        String queue = mail.configurationSet() + "-feedback";
        send(
                sqs.get(),
                queue,
                envelope(mail.configurationSet(), json.writeValueAsString(event(mail, recipient, fate))));
    }

    private void send(URI at, String queue, String body) {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("QueueUrl", at.resolve("/" + ACCOUNT + "/" + queue).toString());
        call.put("MessageBody", body);
        HttpRequest request = HttpRequest.newBuilder(at.resolve("/"))
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS.SendMessage")
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(call)))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                System.err.println("no event sent to " + queue + ": " + answer.body());
            }
        } catch (IOException e) {
            System.err.println("no event sent to " + queue + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String envelope(String set, String message) {
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("Type", "Notification");
        envelope.put("MessageId", UUID.randomUUID().toString());
        envelope.put("TopicArn", "arn:aws:sns:us-east-1:" + ACCOUNT + ":" + set);
        envelope.put("Subject", "Amazon SES Email Event Notification");
        envelope.put("Message", message);
        envelope.put("Timestamp", clock.instant().toString());
        envelope.put("SignatureVersion", "1");
        return json.writeValueAsString(envelope);
    }

    private Map<String, Object> event(Mail mail, String recipient, Fate fate) {
        Map<String, Object> event = new LinkedHashMap<>();
        String now = clock.instant().toString();
        List<Map<String, Object>> recipients = List.of(Map.of("emailAddress", Mail.address(recipient)));
        switch (fate) {
            case DELIVERY -> {
                event.put("eventType", "Delivery");
                event.put("delivery", Map.of("timestamp", now, "recipients", List.of(Mail.address(recipient))));
            }
            case BOUNCE, SOFT_BOUNCE -> {
                boolean soft = fate == Fate.SOFT_BOUNCE;
                Map<String, Object> bounced = new LinkedHashMap<>(recipients.getFirst());
                bounced.put("action", "failed");
                bounced.put("diagnosticCode", soft ? "smtp; 452 4.2.2 mailbox full" : "smtp; 550 5.1.1 user unknown");
                event.put("eventType", "Bounce");
                event.put(
                        "bounce",
                        Map.of(
                                "bounceType",
                                soft ? "Transient" : "Permanent",
                                "bounceSubType",
                                soft ? "MailboxFull" : "General",
                                "bouncedRecipients",
                                List.of(bounced),
                                "timestamp",
                                now));
            }
            case COMPLAINT -> {
                event.put("eventType", "Complaint");
                event.put(
                        "complaint",
                        Map.of("complainedRecipients", recipients, "complaintFeedbackType", "abuse", "timestamp", now));
            }
            case REJECT -> {
                event.put("eventType", "Reject");
                event.put("reject", Map.of("reason", "Bad content"));
            }
        }
        event.put("mail", mail(mail));
        return event;
    }

    private static Map<String, Object> mail(Mail mail) {
        Map<String, List<String>> tags = new LinkedHashMap<>();
        mail.tags().forEach((name, value) -> tags.put(name, List.of(value)));
        tags.put("ses:configuration-set", List.of(mail.configurationSet()));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("timestamp", mail.at());
        told.put("messageId", mail.id());
        told.put("source", mail.from());
        told.put("destination", new ArrayList<>(mail.recipients()));
        told.put("tags", tags);
        return told;
    }
}
