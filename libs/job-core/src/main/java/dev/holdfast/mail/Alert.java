package dev.holdfast.mail;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.job.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the events queue carries beside the ends of jobs: something that people are to be told. May be sent again; kind,
 * tenant and {@code key} tell that it is the same.
 *
 * @param v the version of this wire format
 * @param alert the mail that it asks for
 * @param key what of its kind it is, within the tenant: one mail to each recipient
 * @param recipients addresses; empty: those whom the tenant's settings name
 * @param at when it happened
 * @param facts what the mail tells, by the names of {@link Fact}
 */
public record Alert(
        int v,
        MailKind alert,
        String tenant,
        String key,
        List<String> recipients,
        Instant at,
        Map<String, String> facts) {

    static final int VERSION = 1;

    public Alert {
        recipients = List.copyOf(recipients);
        facts = Map.copyOf(facts);
    }

    public static Alert of(
            MailKind kind, String tenant, String key, List<String> recipients, Instant at, Map<Fact, String> facts) {
        var named = new java.util.TreeMap<String, String>();
        facts.forEach((fact, value) -> named.put(fact.name(), value));
        return new Alert(VERSION, kind, tenant, key, recipients, at, named);
    }

    /** What alerts tell. */
    public enum Fact {
        /** The schedule's name and id, the tick in question, when its job should have succeeded, and that job. */
        SCHEDULE,
        SCHEDULE_ID,
        TICK,
        EXPECTED_BY,
        JOB,
        JOB_STATE,
        /** The repository that a check or drill was of, and why it failed. */
        REPOSITORY,
        CODE,
        MESSAGE,
        /** A quota's name, how much of it is used, and how much there is. */
        QUOTA,
        USED,
        LIMIT,
        /** A digest's period. */
        SINCE,
        UNTIL,
        PERIOD,
        /** What is gathered until the alert's time, see the notifier. */
        GATHERED
    }

    public String fact(Fact fact) {
        return facts.getOrDefault(fact.name(), "");
    }

    /** Its form on the queue. */
    public String body() {
        return Json.write(this);
    }

    /** Empty when the text is no such alert, or one of a version or kind that is not known here. */
    public static Optional<Alert> parse(String body) {
        try {
            var tree = Json.mapper().readTree(body);
            if (!tree.isObject()
                    || !tree.path("alert").isTextual()
                    || tree.path("v").asInt() != VERSION) {
                return Optional.empty();
            }
            return Optional.of(Json.mapper().treeToValue(tree, Alert.class));
        } catch (JsonProcessingException garbage) {
            return Optional.empty();
        }
    }
}
