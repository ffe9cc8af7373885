package dev.holdfast.mail;

import dev.holdfast.dynamo.Item;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The tokens of links by which readers unsubscribe: what they stand for, in the open, and an HMAC-SHA-256 over it. The
 * key is made by the first process that needs one and kept in the table {@code notifications}; deleting its item makes
 * all links void that were ever mailed. Thread-safe.
 */
public final class Links {

    private static final String KEY = "links";
    private static final String SEPARATOR = "\n";

    private final DynamoDbClient dynamo;
    private final String name;
    private volatile byte @Nullable [] key;

    /** @param name of the table {@code notifications} */
    public Links(DynamoDbClient dynamo, String name) {
        this.dynamo = dynamo;
        this.name = name;
    }

    /** Whom a link spares of what. */
    public record Unsubscription(String tenant, String address, Topic topic) {}

    /** The token of a link, safe in a URL. It does not expire: a reader may come back to an old mail. */
    public String token(Unsubscription unsubscription) {
        var content = String.join(
                        SEPARATOR,
                        unsubscription.tenant(),
                        unsubscription.address(),
                        unsubscription.topic().wireName())
                .getBytes(StandardCharsets.UTF_8);
        return base64(content) + "." + base64(sign(content));
    }

    /** What a token stands for; empty when it is none of ours. */
    public Optional<Unsubscription> read(String token) {
        var parts = token.split("\\.", -1);
        if (parts.length != 2) return Optional.empty();
        try {
            var content = Base64.getUrlDecoder().decode(parts[0]);
            var signature = Base64.getUrlDecoder().decode(parts[1]);
            if (!MessageDigest.isEqual(sign(content), signature)) return Optional.empty();
            var fields = new String(content, StandardCharsets.UTF_8).split(SEPARATOR, -1);
            return Topic.named(fields[2]).map(topic -> new Unsubscription(fields[0], fields[1], topic));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] sign(byte[] content) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(), "HmacSHA256"));
            return mac.doFinal(content);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
        }
    }

    private byte[] key() {
        var known = key;
        if (known != null) return known;
        var found = stored().orElseGet(this::make);
        key = found;
        return found;
    }

    private Optional<byte[]> stored() {
        var item = dynamo.getItem(
                        get -> get.tableName(name).key(Item.key("id", KEY)).consistentRead(true))
                .item();
        return Item.of(item).optionalText("key").map(Base64.getDecoder()::decode);
    }

    private byte[] make() {
        var made = new byte[32];
        new SecureRandom().nextBytes(made);
        try {
            dynamo.putItem(put -> put.tableName(name)
                    .item(Item.empty()
                            .with("id", KEY)
                            .with("key", Base64.getEncoder().encodeToString(made))
                            .attributes())
                    .conditionExpression("attribute_not_exists(id)"));
            return made;
        } catch (ConditionalCheckFailedException another) {
            return stored().orElseThrow(() -> another);
        }
    }
}
