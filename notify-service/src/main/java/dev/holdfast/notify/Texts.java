package dev.holdfast.notify;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import dev.holdfast.mail.NotificationTable.Claim;
import dev.holdfast.mail.SmsConfig;
import dev.holdfast.mail.SmsRules;
import dev.holdfast.notify.Throttle.Outcome;
import dev.holdfast.notify.mail.Mail;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.OptedOutException;
import software.amazon.awssdk.services.sns.model.SnsException;

/**
 * Hands text messages to SNS, at this process's share of the rate and within what a tenant may send a day. What they
 * may cost a month, and which numbers have answered STOP, SNS keeps to by itself, and tells of it in its own logs
 * alone.
 */
@Singleton
final class Texts {

    private static final Logger LOG = Logger.getLogger(Texts.class);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration RETENTION = Duration.ofDays(7);

    private final SnsClient sns;
    private final DynamoDbClient dynamo;
    private final String table;
    private final SmsConfig config;
    private final SmsRules rules;
    private final DeliveryConfig delivery;
    private final Account account;
    private final InstantSource clock;
    private final Pace pace;

    Texts(
            SnsClient sns,
            DynamoDbClient dynamo,
            TableNames tables,
            SmsConfig config,
            SmsRules rules,
            DeliveryConfig delivery,
            Account account,
            InstantSource clock) {
        this.sns = sns;
        this.dynamo = dynamo;
        this.table = tables.notifications();
        this.config = config;
        this.rules = rules;
        this.delivery = delivery;
        this.account = account;
        this.clock = clock;
        this.pace = new Pace(config.perSecond());
    }

    /** Sends what a mail says in brief; called twice, it is sent twice. */
    Outcome send(Claim.Mine mine, Mail mail) throws InterruptedException {
        var objection = rules.objection(mine.recipient());
        if (objection.isPresent()) return new Outcome.Refused(objection.get());
        pace.share(config.perSecond() / account.senders());
        if (!pace.take()) return new Outcome.Later(SOON, "it is not its turn yet");
        if (!count(mine.subject().tenant(), 1)) {
            pace.giveBack();
            return new Outcome.Refused("the text messages of the tenant are spent for today (holdfast.sms.per-day)");
        }
        try {
            var messageId = sns.publish(publish -> publish.phoneNumber(mine.recipient())
                            .message(mail.brief())
                            .messageAttributes(attributes()))
                    .messageId();
            pace.taken();
            return new Outcome.Taken(messageId);
        } catch (SnsException failure) {
            if (failure.statusCode() >= 500) throw failure; // it may be on its way
            count(mine.subject().tenant(), -1);
            return judge(failure);
        }
    }

    private Outcome judge(SnsException failure) {
        var reason = String.valueOf(failure.getMessage());
        if (failure.isThrottlingException()) {
            pace.giveBack();
            pace.throttled();
            return new Outcome.Later(SOON, reason);
        }
        if (failure instanceof InvalidParameterException
                || failure instanceof InvalidParameterValueException
                || failure instanceof OptedOutException) {
            return new Outcome.Refused(reason);
        }
        LOG.errorf("text message waits error=%s", reason);
        return new Outcome.Later(delivery.heldFor(), reason);
    }

    private Map<String, MessageAttributeValue> attributes() {
        var attributes = new HashMap<String, MessageAttributeValue>();
        attributes.put("AWS.SNS.SMS.SMSType", attribute("String", "Transactional"));
        config.senderId().ifPresent(id -> attributes.put("AWS.SNS.SMS.SenderID", attribute("String", id)));
        config.maxPrice()
                .ifPresent(price -> attributes.put("AWS.SNS.SMS.MaxPrice", attribute("Number", price.toString())));
        return attributes;
    }

    private static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    /** Counts a message of the tenant's today; false: there were as many as there may be. */
    private boolean count(String tenant, int messages) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        try {
            dynamo.updateItem(update -> update.tableName(table)
                    .key(Item.key("id", "texts#%s#%s".formatted(tenant, today)))
                    .updateExpression("SET #ttl = :ttl ADD texts :messages")
                    .conditionExpression("attribute_not_exists(texts) OR texts < :most OR :messages < :zero")
                    .expressionAttributeNames(Map.of("#ttl", "ttl"))
                    .expressionAttributeValues(Item.empty()
                            .with(":ttl", clock.instant().plus(RETENTION).getEpochSecond())
                            .with(":messages", messages)
                            .with(":most", config.perDay())
                            .with(":zero", 0)
                            .attributes()));
            return true;
        } catch (ConditionalCheckFailedException spent) {
            return false;
        }
    }
}
