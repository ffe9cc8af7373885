package dev.holdfast.notify;

import dev.holdfast.dynamo.Item;
import dev.holdfast.resources.TableResource;
import dev.holdfast.run.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The table {@code notifications}: one item per (job, event, recipient), which is why each of them gets one mail.
 *
 * <p>An item is claimed before SES is asked and marked after. A notifier that dies in between leaves a claim that runs
 * out, and the mail is sent again: at most one more than there should be, and never none.
 */
final class NotificationTable {

    /** Longer than SES ever takes to answer. */
    private static final Duration CLAIM = Duration.ofMinutes(1);

    private static final Duration RETENTION = Duration.ofDays(90);

    private final DynamoDbClient dynamo;
    private final String name;
    private final InstantSource clock;

    NotificationTable(DynamoDbClient dynamo, String name, InstantSource clock) {
        this.dynamo = dynamo;
        this.name = name;
        this.clock = clock;
    }

    /** The table's shape. */
    static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(dynamo, name, "id", Optional.empty(), List.of());
    }

    /** How a notification stands. */
    enum State {
        /** Somebody is about to send it. */
        SENDING,
        /** SES took it. */
        SENT,
        /** SES refused it for good. */
        REFUSED
    }

    /** What came of claiming a notification. */
    sealed interface Claim {
        /** It is to be sent by the caller. */
        record Mine(String id) implements Claim {}

        /** It was sent, or refused, before. */
        record Settled() implements Claim {}

        /** Another is sending it; look again at {@code at}. */
        record Busy(Instant at) implements Claim {}
    }

    Claim claim(JobEvent event, String recipient) {
        var now = clock.instant();
        var id = "%s#%s#%d#%s".formatted(event.job(), event.state(), event.fence(), recipient.toLowerCase(Locale.ROOT));
        try {
            dynamo.putItem(put -> put.tableName(name)
                    .item(Item.empty()
                            .with("id", id)
                            .with("job", event.job().toString())
                            .with("recipient", recipient)
                            .with("state", State.SENDING.name())
                            .with("claimedUntil", now.plus(CLAIM))
                            .with("createdAt", now)
                            .with("ttl", now.plus(RETENTION).getEpochSecond())
                            .attributes())
                    .conditionExpression("attribute_not_exists(id) OR (#state = :sending AND claimedUntil <= :now)")
                    .expressionAttributeNames(Map.of("#state", "state"))
                    .expressionAttributeValues(Item.empty()
                            .with(":sending", State.SENDING.name())
                            .with(":now", now)
                            .attributes())
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Claim.Mine(id);
        } catch (ConditionalCheckFailedException taken) {
            var item = Item.of(taken.hasItem() ? taken.item() : read(id));
            return State.valueOf(item.text("state")) == State.SENDING
                    ? new Claim.Busy(item.time("claimedUntil"))
                    : new Claim.Settled();
        }
    }

    void sent(Claim.Mine mine, String messageId) {
        settle(mine, State.SENT, "messageId", messageId);
    }

    void refused(Claim.Mine mine, String reason) {
        settle(mine, State.REFUSED, "reason", reason);
    }

    /** Gives the claim back, so that the next try need not wait for its end. */
    void release(Claim.Mine mine) {
        dynamo.updateItem(update -> update.tableName(name)
                .key(Item.key("id", mine.id()))
                .updateExpression("SET claimedUntil = :now")
                .expressionAttributeValues(
                        Item.empty().with(":now", clock.instant()).attributes()));
    }

    private void settle(Claim.Mine mine, State state, String what, String value) {
        dynamo.updateItem(update -> update.tableName(name)
                .key(Item.key("id", mine.id()))
                .updateExpression("SET #state = :state, #what = :value, settledAt = :now REMOVE claimedUntil")
                .expressionAttributeNames(Map.of("#state", "state", "#what", what))
                .expressionAttributeValues(Item.empty()
                        .with(":state", state.name())
                        .with(":value", value)
                        .with(":now", clock.instant())
                        .attributes()));
    }

    private Map<String, software.amazon.awssdk.services.dynamodb.model.AttributeValue> read(String id) {
        return dynamo.getItem(get -> get.tableName(name).key(Item.key("id", id)).consistentRead(true))
                .item();
    }
}
