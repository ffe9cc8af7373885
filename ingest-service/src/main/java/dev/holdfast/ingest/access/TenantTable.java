package dev.holdfast.ingest.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import dev.holdfast.resources.TableResource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** The tenants in the table {@code access}. */
@Singleton
public final class TenantTable {

    static final String TENANTS = "TENANTS";

    private final DynamoDbClient dynamo;
    private final String table;
    private final InstantSource clock;
    private final Cache<String, Optional<Tenant>> known;

    TenantTable(DynamoDbClient dynamo, TableNames tables, AccessConfig config, InstantSource clock) {
        this.dynamo = dynamo;
        this.table = tables.access();
        this.clock = clock;
        this.known = Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(config.cacheFor())
                .build();
    }

    /** The shape of the table {@code access}. */
    public static TableResource resource(DynamoDbClient dynamo, String name) {
        return new TableResource(dynamo, name, "pk", Optional.of("sk"), List.of());
    }

    /** Tenants, and whether there are more behind the last of them. */
    public record Page(List<Tenant> tenants, Optional<String> next) {}

    /** The tenant as it stood within the time that the configuration lets things be remembered. */
    public Optional<Tenant> known(String name) {
        return known.get(name, this::find);
    }

    /** The tenant as it stands, strongly consistent. */
    public Optional<Tenant> find(String name) {
        if (!Tenant.NAME_PATTERN.matcher(name).matches()) return Optional.empty();
        var response = dynamo.getItem(get ->
                get.tableName(table).key(Item.key("pk", TENANTS, "sk", name)).consistentRead(true));
        return response.hasItem() ? Optional.of(Tenant.of(Item.of(response.item()))) : Optional.empty();
    }

    /** Adds a tenant; false when there is one of that name, which is left as it is. */
    public boolean add(Tenant tenant) {
        try {
            dynamo.putItem(put -> put.tableName(table)
                    .item(tenant.item().attributes())
                    .conditionExpression("attribute_not_exists(pk)"));
            known.invalidate(tenant.name());
            return true;
        } catch (ConditionalCheckFailedException present) {
            return false;
        }
    }

    /** Gives a tenant other quotas in the place of those that it has. Empty when there is no such tenant. */
    public Optional<Tenant> limit(String name, Quotas quotas) {
        return change(name, tenant -> new Tenant(name, tenant.createdAt(), tenant.suspendedAt(), quotas));
    }

    /** Lets the tenant's keys open nothing any more. Empty when there is no such tenant. */
    public Optional<Tenant> suspend(String name) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return change(
                name,
                tenant -> new Tenant(
                        name, tenant.createdAt(), tenant.suspendedAt().or(() -> Optional.of(now)), tenant.quotas()));
    }

    /** Ends that. Empty when there is no such tenant. */
    public Optional<Tenant> resume(String name) {
        return change(name, tenant -> new Tenant(name, tenant.createdAt(), Optional.empty(), tenant.quotas()));
    }

    /** Operators are few: the last of two who change a tenant at the same moment wins. */
    private Optional<Tenant> change(String name, UnaryOperator<Tenant> change) {
        var changed = find(name).map(change);
        changed.ifPresent(tenant ->
                dynamo.putItem(put -> put.tableName(table).item(tenant.item().attributes())));
        known.invalidate(name);
        return changed;
    }

    /** Tenants by their names, from behind the one that the page before ended with. */
    public Page list(Optional<String> after, int limit) {
        var items = dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :tenants AND sk > :after")
                        .expressionAttributeValues(Item.empty()
                                .with(":tenants", TENANTS)
                                .with(":after", after.orElse(" ")) // before all names
                                .attributes())
                        .limit(limit + 1))
                .items()
                .stream()
                .limit(limit + 1L)
                .map(item -> Tenant.of(Item.of(item)))
                .toList();
        var shown = items.subList(0, Math.min(limit, items.size()));
        return new Page(
                shown, items.size() > limit ? Optional.of(shown.getLast().name()) : Optional.empty());
    }

    /** The names of all tenants. */
    public Set<String> names() {
        return dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :tenants")
                        .expressionAttributeValues(Item.key(":tenants", TENANTS)))
                .items()
                .stream()
                .map(item -> Item.of(item).text("sk"))
                .collect(Collectors.toSet());
    }

    /** Makes sure that there is such a tenant. */
    public void ensure(String name, Instant now) {
        if (!Tenant.NAME_PATTERN.matcher(name).matches()) {
            throw new IllegalArgumentException("a tenant's name is " + Tenant.NAME + ", was " + name);
        }
        add(new Tenant(name, now.truncatedTo(ChronoUnit.MILLIS), Optional.empty(), Quotas.NONE));
    }
}
