package dev.holdfast.ingest.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.dynamo.Item;
import dev.holdfast.resources.TableResource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The table {@code access}: which key belongs to which tenant. Of a key only its SHA-256 is kept. */
public final class AccessTable {

    /** Prefix for recognition, 8 characters that name the key, 256 random bits. */
    private static final Pattern KEY = Pattern.compile("hf_[a-z0-9]{8}_[A-Za-z0-9_-]{43}");

    private static final String TENANTS = "TENANTS";

    private final DynamoDbClient dynamo;
    private final String name;
    private final Cache<String, Optional<Caller>> known;

    /** @param cacheFor how long what a key may do is remembered */
    public AccessTable(DynamoDbClient dynamo, String name, Duration cacheFor) {
        this.dynamo = dynamo;
        this.name = name;
        this.known = Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(cacheFor)
                .build();
    }

    /** The table's shape. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(dynamo, name, "pk", Optional.of("sk"), List.of());
    }

    /** The caller who holds this key; empty when the key is nobody's. */
    Optional<Caller> caller(String key) {
        if (!KEY.matcher(key).matches()) return Optional.empty();
        return known.get(sha256(key), hash -> lookUp(hash, prefix(key)));
    }

    private Optional<Caller> lookUp(String hash, String prefix) {
        var response = dynamo.getItem(get -> get.tableName(name).key(Item.key("pk", "KEY#" + hash, "sk", "KEY")));
        if (!response.hasItem()) return Optional.empty();
        var item = Item.of(response.item());
        var scopes = item.texts("scopes").stream()
                .map(Scope::named)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        return Optional.of(new Caller(item.text("tenant"), scopes, prefix));
    }

    /** Makes a key known that was chosen elsewhere; called again, it changes nothing. */
    public void add(String key, String tenant, Set<Scope> scopes, Instant now) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "an API key is hf_, 8 letters or digits, _ and 43 characters of base64url");
        }
        dynamo.putItem(put -> put.tableName(name)
                .item(Item.empty().with("pk", TENANTS).with("sk", tenant).attributes()));
        dynamo.putItem(put -> put.tableName(name)
                .item(Item.empty()
                        .with("pk", "KEY#" + sha256(key))
                        .with("sk", "KEY")
                        .with("prefix", prefix(key))
                        .with("tenant", tenant)
                        .with(
                                "scopes",
                                EnumSet.copyOf(scopes).stream()
                                        .map(Scope::wireName)
                                        .toList())
                        .with("created_at", now.toString())
                        .attributes()));
    }

    /** All tenants that ever had a key. */
    public Set<String> tenants() {
        return dynamo
                .queryPaginator(query -> query.tableName(name)
                        .keyConditionExpression("pk = :tenants")
                        .expressionAttributeValues(Item.key(":tenants", TENANTS)))
                .items()
                .stream()
                .map(item -> Item.of(item).text("sk"))
                .collect(Collectors.toSet());
    }

    private static String prefix(String key) {
        return key.substring(0, 11);
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
