package dev.holdfast.local.ses;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The SES v2 calls: SendEmail, CreateEmailIdentity, GetAccount and the suppression list. */
final class EmailApi {
    private static final String SEND = "/v2/email/outbound-emails";
    private static final String IDENTITIES = "/v2/email/identities";
    private static final String ACCOUNT = "/v2/email/account";
    private static final String SUPPRESSION = "/v2/email/suppression/addresses";
    /** What GetAccount tells while no rate is set: enough for every test, in mails per second. */
    private static final double USUAL_RATE = 1_000;

    private final InstantSource clock;
    private final Mailbox mailbox;
    private final SuppressionList suppressed;
    private final Faults faults;
    private final Events events;
    private final AtomicInteger sent = new AtomicInteger();

    EmailApi(InstantSource clock, Mailbox mailbox, SuppressionList suppressed, Faults faults, Events events) {
        this.clock = clock;
        this.mailbox = mailbox;
        this.suppressed = suppressed;
        this.faults = faults;
        this.events = events;
    }

    Exchange.Reply answer(Exchange exchange) {
        String call = exchange.method() + " " + exchange.path();
        return switch (call) {
            case "POST " + SEND -> send(exchange);
            case "POST " + IDENTITIES -> identity(exchange);
            case "GET " + ACCOUNT -> exchange.ok(account());
            case "PUT " + SUPPRESSION -> suppress(exchange);
            case "GET " + SUPPRESSION -> listSuppressed(exchange);
            default -> ofAddress(exchange);
        };
    }

    private Exchange.Reply send(Exchange exchange) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        // Sorts by time; the counter tells apart what is sent in the same millisecond.
        String id = "%012x%06x-holdfast-000000".formatted(now.toEpochMilli(), sent.incrementAndGet() & 0xFFFFFF);
        Mail mail = new SendEmail(exchange.tree(), id, now.toString()).mail();
        faults.beforeSend(mail.recipients().stream().map(Mail::address).toList());
        if (!mail.recipients().stream().allMatch(suppressed::contains)) {
            mailbox.add(mail);
            events.sent(mail);
        }
        return exchange.ok(Map.of("MessageId", id));
    }

    /** Every sender is verified at once: there is nobody here to open the link that SES would mail. */
    private Exchange.Reply identity(Exchange exchange) {
        String identity = exchange.tree().path("EmailIdentity").asString("");
        if (identity.isEmpty()) {
            throw SesFailure.badRequest("EmailIdentity is required");
        }
        String type = identity.contains("@") ? "EMAIL_ADDRESS" : "DOMAIN";
        return exchange.ok(Map.of("IdentityType", type, "VerifiedForSendingStatus", true));
    }

    private Map<String, Object> account() {
        Faults.Settings settings = faults.settings();
        Map<String, Object> quota = new LinkedHashMap<>();
        quota.put("Max24HourSend", settings.dailyQuota());
        quota.put("MaxSendRate", settings.maxSendRate() > 0 ? settings.maxSendRate() : USUAL_RATE);
        quota.put("SentLast24Hours", (double) faults.sent());
        Map<String, Object> account = new LinkedHashMap<>();
        account.put("DedicatedIpAutoWarmupEnabled", false);
        account.put("EnforcementStatus", "HEALTHY");
        account.put("ProductionAccessEnabled", !settings.sandbox());
        account.put("SendQuota", quota);
        account.put("SendingEnabled", !settings.pauseSending());
        account.put("SuppressionAttributes", Map.of("SuppressedReasons", List.of("BOUNCE", "COMPLAINT")));
        return account;
    }

    private Exchange.Reply suppress(Exchange exchange) {
        var body = exchange.tree();
        String address = body.path("EmailAddress").asString("");
        if (address.isEmpty()) {
            throw SesFailure.badRequest("EmailAddress is required");
        }
        suppressed.put(address, body.path("Reason").asString(""));
        return exchange.ok(Map.of());
    }

    private Exchange.Reply listSuppressed(Exchange exchange) {
        String reason = exchange.query().getOrDefault("Reason", "");
        List<Map<String, Object>> summaries = suppressed.all().stream()
                .filter(entry -> reason.isEmpty() || entry.reason().equals(reason))
                .map(EmailApi::summary)
                .toList();
        return exchange.ok(Map.of("SuppressedDestinationSummaries", summaries));
    }

    private Exchange.Reply ofAddress(Exchange exchange) {
        if (!exchange.path().startsWith(SUPPRESSION + "/")) {
            throw exchange.unknown();
        }
        String address = exchange.path().substring(SUPPRESSION.length() + 1);
        return switch (exchange.method()) {
            case "GET" -> exchange.ok(Map.of("SuppressedDestination", summary(suppressed.get(address))));
            case "DELETE" -> {
                suppressed.remove(address);
                yield exchange.ok(Map.of());
            }
            default -> throw exchange.unknown();
        };
    }

    private static Map<String, Object> summary(SuppressionList.Entry entry) {
        return Map.of("EmailAddress", entry.address(), "Reason", entry.reason(), "LastUpdateTime", entry.since());
    }
}
