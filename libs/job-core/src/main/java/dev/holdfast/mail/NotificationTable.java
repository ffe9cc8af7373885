package dev.holdfast.mail;

import dev.holdfast.dynamo.Item;
import dev.holdfast.mail.Notification.State;
import dev.holdfast.resources.TableResource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The table {@code notifications}: one item per mail, which is why each of them is sent once; beside them what tenants
 * and readers wish, and who is not to be mailed.
 *
 * <p>An item is claimed before SES is asked and marked after. A notifier that dies in between leaves a claim that runs
 * out, and the mail is sent again: at most one more than there should be, and never none.
 */
public final class NotificationTable {

    static final String BY_TENANT = "tenant-createdAt";
    static final String BY_JOB = "job-createdAt";

    /** Set on settings with a digest: what the index of that name finds, by {@code nextAt}. */
    static final String DIGEST = "digest";

    /** Longer than SES ever takes to answer. */
    private static final Duration CLAIM = Duration.ofMinutes(1);

    private static final Duration RETENTION = Duration.ofDays(90);

    private final DynamoDbClient dynamo;
    private final String name;
    private final InstantSource clock;

    public NotificationTable(DynamoDbClient dynamo, String name, InstantSource clock) {
        this.dynamo = dynamo;
        this.name = name;
        this.clock = clock;
    }

    /** The table's shape. Two indexes serve lists, the third finds digests that are due. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(
                dynamo,
                name,
                "id",
                Optional.empty(),
                List.of(
                        new TableResource.Index(BY_TENANT, "tenant", "createdAt"),
                        new TableResource.Index(BY_JOB, "job", "createdAt"),
                        new TableResource.Index(DIGEST, DIGEST, "nextAt")));
    }

    /** What came of claiming a notification. */
    public sealed interface Claim {
        /** It is to be sent by the caller. */
        record Mine(String id, Notification.Subject subject, String recipient) implements Claim {}

        /** It was sent, or will never be. */
        record Settled() implements Claim {}

        /** Another is sending it; look again at {@code until}. */
        record Busy(Instant until) implements Claim {}
    }

    public Claim claim(Notification.Subject subject, String recipient) {
        return claim(subject.id(recipient), subject, recipient);
    }

    /**
     * The same for the call of a webhook, which is one whatever its URL is by then.
     *
     * @param url as it is shown
     */
    public Claim claimCall(Notification.Subject subject, String webhook, String url) {
        return claim(subject.id(webhook), subject, url);
    }

    /** Settles the call of a webhook that is not to be made any more, if it was claimed before. */
    public void withdrawCall(Notification.Subject subject, String webhook, String reason) {
        settle(new Claim.Mine(subject.id(webhook), subject, webhook), State.SUPPRESSED, reason);
    }

    private Claim claim(String id, Notification.Subject subject, String recipient) {
        var now = clock.instant();
        var claimed = Item.empty()
                .with("tenant", subject.tenant())
                .with("mail", subject.mail())
                .with("fence", subject.fence())
                .with("recipient", recipient)
                .with("state", State.SENDING.name())
                .with("claimedUntil", now.plus(CLAIM))
                .with("ttl", now.plus(RETENTION).getEpochSecond());
        subject.job().ifPresent(job -> claimed.with("job", job));
        var names = new HashMap<String, String>();
        var values = new HashMap<>(Item.empty().with(":now", now).attributes());
        claimed.attributes().forEach((attribute, value) -> {
            names.put("#" + attribute, attribute);
            values.put(":" + attribute, value);
        });
        var set = names.values().stream()
                .map(attribute -> ", #" + attribute + " = :" + attribute)
                .collect(Collectors.joining());
        try {
            dynamo.updateItem(update -> update.tableName(name)
                    .key(Item.key("id", id))
                    .updateExpression("SET createdAt = if_not_exists(createdAt, :now)" + set + " REMOVE reason")
                    .conditionExpression("attribute_not_exists(id) OR (#state = :state AND claimedUntil <= :now)")
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Claim.Mine(id, subject, recipient);
        } catch (ConditionalCheckFailedException taken) {
            var present = Item.of(taken.hasItem() ? taken.item() : read(id));
            return State.valueOf(present.text("state")) == State.SENDING
                    ? new Claim.Busy(present.time("claimedUntil"))
                    : new Claim.Settled();
        }
    }

    /** SES took it. An event of SES's may have been quicker than this note: then its state stands. */
    public void sent(Claim.Mine mine, String messageId) {
        settle(mine, State.SENT, "messageId", messageId);
    }

    /** It is settled without a mail. */
    public void settle(Claim.Mine mine, State state, String reason) {
        settle(mine, state, "reason", reason);
    }

    private void settle(Claim.Mine mine, State state, String what, String value) {
        try {
            dynamo.updateItem(update -> update.tableName(name)
                    .key(Item.key("id", mine.id()))
                    .updateExpression("SET #state = :state, #what = :value, settledAt = :now REMOVE claimedUntil"
                            + (state == State.SENT ? ", reason" : ""))
                    .conditionExpression("#state = :sending")
                    .expressionAttributeNames(Map.of("#state", "state", "#what", what))
                    .expressionAttributeValues(settled(state)
                            .with(":value", value)
                            .with(":sending", State.SENDING.name())
                            .attributes()));
        } catch (ConditionalCheckFailedException told) {
            // its fate is known already
        }
    }

    private Item settled(State state) {
        return Item.empty().with(":state", state.name()).with(":now", clock.instant());
    }

    /**
     * Settles it as told by another mail, together with the count that tells of it: both or neither.
     *
     * @return whether it is settled, by this call or before; false: a condition of the count did not hold
     */
    public boolean gathered(Claim.Mine mine, TransactWriteItem count) {
        var settle = TransactWriteItem.builder()
                .update(update -> update.tableName(name)
                        .key(Item.key("id", mine.id()))
                        .updateExpression("SET #state = :state, settledAt = :now REMOVE claimedUntil")
                        .conditionExpression("#state = :sending")
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(settled(State.GATHERED)
                                .with(":sending", State.SENDING.name())
                                .attributes()))
                .build();
        try {
            dynamo.transactWriteItems(write -> write.transactItems(settle, count));
            return true;
        } catch (TransactionCanceledException cancelled) {
            if (isUnmet(cancelled.cancellationReasons().getFirst())) return true;
            if (isUnmet(cancelled.cancellationReasons().getLast())) return false;
            throw cancelled;
        }
    }

    private static boolean isUnmet(CancellationReason reason) {
        return "ConditionalCheckFailed".equals(reason.code());
    }

    /** Gives the claim back, so that the next try need not wait for its end, and says why it was not sent. */
    public void release(Claim.Mine mine, String reason) {
        postpone(mine, clock.instant(), reason);
    }

    /** Lets nobody try again before then, and says why it was not sent. */
    public void postpone(Claim.Mine mine, Instant until, String reason) {
        try {
            dynamo.updateItem(update -> update.tableName(name)
                    .key(Item.key("id", mine.id()))
                    .updateExpression("SET claimedUntil = :until, reason = :reason")
                    .conditionExpression("#state = :sending")
                    .expressionAttributeNames(Map.of("#state", "state"))
                    .expressionAttributeValues(Item.empty()
                            .with(":until", until)
                            .with(":reason", reason)
                            .with(":sending", State.SENDING.name())
                            .attributes()));
        } catch (ConditionalCheckFailedException told) {
            // it was sent after all
        }
    }

    /**
     * Notes what SES says of a mail's fate. What is worse stands: a mail can be delivered and then complained of.
     *
     * @return the notification; empty when there is none of that id, or it knows as bad already
     */
    public Optional<Notification> fate(String id, String messageId, State fate, String reason) {
        var worse = switch (fate) {
            case DELIVERED -> "#state IN (:sending, :sent)";
            case BOUNCED -> "#state IN (:sending, :sent, :delivered)";
            case COMPLAINED -> "#state <> :state";
            default -> throw new IllegalArgumentException("SES tells of no " + fate);
        };
        var values = settled(fate).with(":messageId", messageId).with(":reason", reason);
        if (fate != State.COMPLAINED)
            values.with(":sending", State.SENDING.name()).with(":sent", State.SENT.name());
        if (fate == State.BOUNCED) values.with(":delivered", State.DELIVERED.name());
        try {
            var item = dynamo.updateItem(update -> update.tableName(name)
                            .key(Item.key("id", id))
                            .updateExpression("SET #state = :state, settledAt = :now, messageId = :messageId, "
                                    + "reason = :reason REMOVE claimedUntil")
                            .conditionExpression("attribute_exists(recipient) AND " + worse)
                            .expressionAttributeNames(Map.of("#state", "state"))
                            .expressionAttributeValues(values.attributes())
                            .returnValues("ALL_NEW"))
                    .attributes();
            return Optional.of(Notification.of(Item.of(item)));
        } catch (ConditionalCheckFailedException knownOrForeign) {
            return Optional.empty();
        }
    }

    private Map<String, AttributeValue> read(String id) {
        return dynamo.getItem(get -> get.tableName(name).key(Item.key("id", id)).consistentRead(true))
                .item();
    }
}
