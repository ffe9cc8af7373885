package dev.holdfast.users;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.resources.TableResource;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The table {@code user_data}. Beside each user stand two guard items, one for the e-mail and one for the username:
 * written in the same transaction, they make both unique within the tenant.
 */
public final class UserTable {

    private static final String ABSENT = "attribute_not_exists(user_id)";
    /** The order of the registration's transaction, in which DynamoDB also tells why it cancelled one. */
    private static final int JOB = 0;

    private static final int USER = 1;
    private static final int EMAIL = 2;
    private static final int USERNAME = 3;

    private final DynamoDbClient dynamo;
    private final String name;
    private final JobTable jobs;

    public UserTable(DynamoDbClient dynamo, String name, JobTable jobs) {
        this.dynamo = dynamo;
        this.name = name;
        this.jobs = jobs;
    }

    /** The table's shape. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(dynamo, name, "user_id", Optional.empty(), List.of());
    }

    /** What came of registering a user. */
    public sealed interface Registration {
        /** The user is stored: now, or by an earlier run of the same job. */
        record Stored(User user) implements Registration {}

        /** Another user has the e-mail address. */
        record EmailTaken() implements Registration {}

        /** Another user has the username. */
        record UsernameTaken() implements Registration {}
    }

    /**
     * Stores a user, all or nothing, while the job is still this run's.
     *
     * @throws Run.LostException when it is not
     */
    public Registration register(Job run, User user) {
        try {
            dynamo.transactWriteItems(write -> write.transactItems(
                    TransactWriteItem.builder()
                            .conditionCheck(jobs.stillMine(run))
                            .build(),
                    put(item(user)),
                    put(guard("email", user.tenant(), user.email(), user.userId())),
                    put(guard("username", user.tenant(), user.username(), user.userId()))));
            return new Registration.Stored(user);
        } catch (TransactionCanceledException cancelled) {
            return cancelled(cancelled, user);
        }
    }

    private Registration cancelled(TransactionCanceledException cancelled, User user) {
        var reasons = cancelled.cancellationReasons();
        if (failed(reasons.get(JOB))) throw new Run.LostException();
        if (failed(reasons.get(USER))) {
            return new Registration.Stored(find(user.userId()).orElseThrow(() -> cancelled));
        }
        if (failed(reasons.get(EMAIL))) return new Registration.EmailTaken();
        if (failed(reasons.get(USERNAME))) return new Registration.UsernameTaken();
        throw cancelled;
    }

    private static boolean failed(CancellationReason reason) {
        return "ConditionalCheckFailed".equals(reason.code());
    }

    /** The user of that id, whatever the tenant. */
    public Optional<User> find(String userId) {
        var item = dynamo.getItem(get -> get.tableName(name).key(key(userId)).consistentRead(true))
                .item();
        return item.containsKey("username") ? Optional.of(user(Item.of(item))) : Optional.empty();
    }

    /**
     * Confirms the address of the user to whom the token was mailed, once. Called again with the same token it changes
     * nothing and answers the same, so that whoever clicks twice is not told of an error; after the token's time it
     * does nothing either. A new address would get a new secret, which makes the old link void.
     *
     * @return the user, confirmed unless the token's time is over; empty when the token is nobody's
     */
    public Optional<User> confirm(ConfirmationToken token, Instant now) {
        var user = find(token.userId()).filter(found -> sameSecret(found.confirmationSecret(), token.secret()));
        if (user.isEmpty() || user.get().status() == User.Status.CONFIRMED) return user;
        if (ConfirmationToken.isOver(user.get(), now)) return user;
        try {
            dynamo.updateItem(update -> update.tableName(name)
                    .key(key(token.userId()))
                    .updateExpression("SET #status = :confirmed, version = version + :one")
                    .conditionExpression("#status = :unconfirmed")
                    .expressionAttributeNames(Map.of("#status", "status"))
                    .expressionAttributeValues(Item.empty()
                            .with(":confirmed", User.Status.CONFIRMED.name())
                            .with(":unconfirmed", User.Status.UNCONFIRMED.name())
                            .with(":one", 1)
                            .attributes()));
        } catch (ConditionalCheckFailedException confirmedMeanwhile) {
            // two clicks at once: both are told so
        }
        return find(token.userId());
    }

    private static boolean sameSecret(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private TransactWriteItem put(Item item) {
        return TransactWriteItem.builder()
                .put(Put.builder()
                        .tableName(name)
                        .item(item.attributes())
                        .conditionExpression(ABSENT)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.NONE)
                        .build())
                .build();
    }

    /** The key holds what must be unique, in one spelling; it can never equal a user's id, which is a UUID. */
    private static Item guard(String what, String tenant, String value, String userId) {
        return Item.empty()
                .with("user_id", what + "#" + tenant + "#" + value.toLowerCase(Locale.ROOT))
                .with("owner", userId);
    }

    private static Item item(User user) {
        return Item.empty()
                .with("user_id", user.userId())
                .with("tenant", user.tenant())
                .with("username", user.username())
                .with("email", user.email())
                .with("attributes", user.attributes())
                .with("created_at", user.createdAt().toString())
                .with("version", user.version())
                .with("status", user.status().name())
                .with("confirmation_secret", user.confirmationSecret());
    }

    private static User user(Item item) {
        return new User(
                item.text("user_id"),
                item.text("tenant"),
                item.text("username"),
                item.text("email"),
                item.textMap("attributes"),
                Instant.parse(item.text("created_at")),
                item.number("version"),
                User.Status.valueOf(item.text("status")),
                item.text("confirmation_secret"));
    }

    private static Map<String, AttributeValue> key(String userId) {
        return Item.key("user_id", userId);
    }
}
