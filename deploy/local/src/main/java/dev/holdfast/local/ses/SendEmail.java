package dev.holdfast.local.ses;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads the body of a SendEmail call as SES v2 does, and refuses what SES would refuse. */
final class SendEmail {
    private static final int MAX_RECIPIENTS = 50;

    private final JsonNode body;
    private final String id;
    private final String at;

    /**
     * @param id the message id the mail gets
     * @param at the time it gets
     */
    SendEmail(JsonNode body, String id, String at) {
        this.body = body;
        this.id = id;
        this.at = at;
    }

    /** The mail; throws a BadRequestException that names the field at fault. */
    Mail mail() {
        JsonNode content = object(body, "Content");
        Mail mail = switch (kind(content)) {
            case "Simple" -> simple(content.get("Simple"));
            case "Raw" -> raw(content.get("Raw"));
            default ->
                throw SesFailure.notFound("Template "
                        + content.path("Template").path("TemplateName").asString("")
                        + " does not exist: this stand-in keeps no templates");
        };
        check(mail);
        return mail;
    }

    private static String kind(JsonNode content) {
        List<String> kinds = List.of("Simple", "Raw", "Template").stream()
                .filter(content::has)
                .toList();
        if (kinds.size() != 1) {
            throw SesFailure.badRequest("Content must have exactly one of Simple, Raw, Template, had " + kinds);
        }
        return kinds.getFirst();
    }

    private Mail simple(JsonNode simple) {
        JsonNode parts = object(simple, "Body", "Content.Simple.Body");
        if (!parts.has("Text") && !parts.has("Html")) {
            throw SesFailure.badRequest("Content.Simple.Body must have Text or Html");
        }
        List<Mail.Header> headers = new ArrayList<>();
        for (JsonNode header : simple.path("Headers")) {
            headers.add(new Mail.Header(
                    text(header, "Name", "Content.Simple.Headers.Name"),
                    text(header, "Value", "Content.Simple.Headers.Value")));
        }
        JsonNode subject = object(simple, "Subject", "Content.Simple.Subject");
        JsonNode destination = body.path("Destination");
        return new Mail(
                id,
                at,
                text(body, "FromEmailAddress", "FromEmailAddress"),
                addresses(destination, "ToAddresses"),
                addresses(destination, "CcAddresses"),
                addresses(destination, "BccAddresses"),
                addresses(body, "ReplyToAddresses"),
                text(subject, "Data", "Content.Simple.Subject.Data"),
                parts.has("Text") ? text(parts.get("Text"), "Data", "Content.Simple.Body.Text.Data") : "",
                parts.has("Html") ? text(parts.get("Html"), "Data", "Content.Simple.Body.Html.Data") : "",
                headers,
                tags(),
                body.path("ConfigurationSetName").asString(""));
    }

    private Mail raw(JsonNode raw) {
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(text(raw, "Data", "Content.Raw.Data"));
        } catch (IllegalArgumentException e) {
            throw SesFailure.badRequest("Content.Raw.Data is not Base64");
        }
        MimePart message = MimePart.parse(new String(bytes, StandardCharsets.ISO_8859_1));
        JsonNode destination = body.path("Destination");
        return new Mail(
                id,
                at,
                body.path("FromEmailAddress").asString(message.header("From")),
                destination.has("ToAddresses") ? addresses(destination, "ToAddresses") : message.addresses("To"),
                destination.has("CcAddresses") ? addresses(destination, "CcAddresses") : message.addresses("Cc"),
                destination.has("BccAddresses") ? addresses(destination, "BccAddresses") : message.addresses("Bcc"),
                body.has("ReplyToAddresses") ? addresses(body, "ReplyToAddresses") : message.addresses("Reply-To"),
                message.header("Subject"),
                message.text("text/plain"),
                message.text("text/html"),
                message.headers(),
                tags(),
                body.path("ConfigurationSetName").asString(""));
    }

    private Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        for (JsonNode tag : body.path("EmailTags")) {
            String name = text(tag, "Name", "EmailTags.Name");
            String value = text(tag, "Value", "EmailTags.Value");
            if (!name.matches("[A-Za-z0-9_-]{1,256}") || !value.matches("[A-Za-z0-9_\\-.@]{1,256}")) {
                throw SesFailure.badRequest("EmailTags: name and value may only hold letters, digits, '_' and '-',"
                        + " the value also '.' and '@'; were '" + name + "' and '" + value + "'");
            }
            tags.put(name, value);
        }
        return tags;
    }

    private static void check(Mail mail) {
        if (mail.recipients().isEmpty()) {
            throw SesFailure.badRequest("Destination must name at least one address");
        }
        if (mail.recipients().size() > MAX_RECIPIENTS) {
            throw SesFailure.badRequest("Destination names " + mail.recipients().size() + " addresses, at most "
                    + MAX_RECIPIENTS + " are allowed");
        }
        checkAddress("FromEmailAddress", mail.from());
        mail.recipients().forEach(address -> checkAddress("Destination", address));
        mail.replyTo().forEach(address -> checkAddress("ReplyToAddresses", address));
    }

    private static void checkAddress(String field, String mailbox) {
        String address = Mail.address(mailbox);
        if (mailbox.chars().anyMatch(c -> c == '\r' || c == '\n')
                || !address.matches("[^@\\s<>,]{1,64}@[^@\\s<>,]+\\.?[^@\\s<>,]*")
                || address.chars().anyMatch(c -> c > 127)) {
            throw SesFailure.badRequest(field + ": '" + mailbox + "' is not a valid address");
        }
    }

    private static List<String> addresses(JsonNode parent, String field) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode address : parent.path(field)) {
            addresses.add(address.asString(""));
        }
        return addresses;
    }

    private static JsonNode object(JsonNode parent, String field) {
        return object(parent, field, field);
    }

    private static JsonNode object(JsonNode parent, String field, String path) {
        JsonNode child = parent.path(field);
        if (!child.isObject()) {
            throw SesFailure.badRequest(path + " is required");
        }
        return child;
    }

    private static String text(JsonNode parent, String field, String path) {
        JsonNode child = parent.path(field);
        if (!child.isString() || child.stringValue().isEmpty()) {
            throw SesFailure.badRequest(path + " is required and must be a text that is not empty");
        }
        return child.stringValue();
    }
}
