package dev.holdfast.local.ses;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** The mailbox: a page, its JSON, and the way to ask for faults. */
final class MailboxApi {
    private static final String MESSAGES = "/mailbox/api/messages/";

    private final Mailbox mailbox;
    private final Faults faults;
    private final Events events;
    private final String page = page();

    MailboxApi(Mailbox mailbox, Faults faults, Events events) {
        this.mailbox = mailbox;
        this.faults = faults;
        this.events = events;
    }

    Exchange.Reply answer(Exchange exchange) {
        return switch (exchange.method() + " " + exchange.path()) {
            case "GET /mailbox", "GET /mailbox/" -> new Exchange.Reply(200, "text/html; charset=utf-8", "", page);
            case "GET /mailbox/health" -> exchange.ok(Map.of("status", "UP"));
            case "GET /mailbox/api/messages" ->
                exchange.ok(mailbox.to(exchange.query().getOrDefault("to", "")));
            case "DELETE /mailbox/api/messages" -> {
                mailbox.clear();
                yield new Exchange.Reply(204, "application/json", "", "");
            }
            case "GET /mailbox/api/recipients" -> exchange.ok(mailbox.recipients());
            case "GET /mailbox/api/faults" -> exchange.ok(faults.settings());
            case "POST /mailbox/api/faults" -> exchange.ok(faults.apply(exchange.as(Faults.Change.class)));
            default -> fate(exchange);
        };
    }

    /** {@code POST /mailbox/api/messages/ID/bounce}, {@code …/soft-bounce}, {@code …/complaint} or {@code …/reject}. */
    private Exchange.Reply fate(Exchange exchange) {
        String[] parts = exchange.path().split("/", -1);
        if (!exchange.method().equals("POST")
                || parts.length != 6
                || !exchange.path().startsWith(MESSAGES)) {
            throw exchange.unknown();
        }
        Events.Fate fate = switch (parts[5]) {
            case "bounce" -> Events.Fate.BOUNCE;
            case "soft-bounce" -> Events.Fate.SOFT_BOUNCE;
            case "complaint" -> Events.Fate.COMPLAINT;
            case "reject" -> Events.Fate.REJECT;
            default -> throw exchange.unknown();
        };
        Mail mail = mailbox.find(parts[4])
                .orElseThrow(() -> SesFailure.notFound("there is no mail " + parts[4] + " in the mailbox"));
        mail.recipients().forEach(recipient -> events.tell(mail, recipient, fate));
        return exchange.ok(Map.of("told", mail.configurationSet() + "-feedback"));
    }

    private static String page() {
        try (InputStream resource = MailboxApi.class.getResourceAsStream("/mailbox.html")) {
            byte[] page = Objects.requireNonNull(resource, "mailbox.html is missing in the jar")
                    .readAllBytes();
            return new String(page, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
