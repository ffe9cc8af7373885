package dev.holdfast.resources;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * A table, billed on demand, whose items end at their attribute {@code ttl} (epoch seconds).
 *
 * @param partitionKey a string attribute
 * @param sortKey a string attribute
 * @param indexes its indexes, projecting keys only
 */
public record TableResource(
        DynamoDbClient dynamo, String name, String partitionKey, Optional<String> sortKey, List<Index> indexes)
        implements Resource {

    private static final Logger LOG = Logger.getLogger(TableResource.class);

    /** An index by a string and a number. */
    public record Index(String name, String partitionKey, String numericSortKey) {}

    @Override
    public String describe() {
        return "table " + name;
    }

    @Override
    public void provision() {
        try {
            dynamo.createTable(definition());
            LOG.infof("created table %s", name);
        } catch (ResourceInUseException already) {
            LOG.debugf("table %s is there", name);
        }
        dynamo.waiter().waitUntilTableExists(describe -> describe.tableName(name));
        addMissingIndexes();
        expireItems();
    }

    /** A table of an earlier release may lack one. */
    private void addMissingIndexes() {
        var table = dynamo.describeTable(describe -> describe.tableName(name)).table();
        var present = table.globalSecondaryIndexes().stream()
                .map(GlobalSecondaryIndexDescription::indexName)
                .toList();
        for (var index : indexes) {
            if (present.contains(index.name())) continue;
            var added = definition(index);
            var creation = GlobalSecondaryIndexUpdate.builder()
                    .create(create -> create.indexName(index.name())
                            .keySchema(added.keySchema())
                            .projection(added.projection()))
                    .build();
            dynamo.updateTable(update -> update.tableName(name)
                    .attributeDefinitions(
                            attribute(index.partitionKey(), ScalarAttributeType.S),
                            attribute(index.numericSortKey(), ScalarAttributeType.N))
                    .globalSecondaryIndexUpdates(creation));
            LOG.infof("added index %s to table %s", index.name(), name);
        }
    }

    private void expireItems() {
        try {
            dynamo.updateTimeToLive(update -> update.tableName(name)
                    .timeToLiveSpecification(ttl -> ttl.attributeName("ttl").enabled(true)));
        } catch (DynamoDbException alreadyOn) {
            if (!"ValidationException".equals(alreadyOn.awsErrorDetails().errorCode())) throw alreadyOn;
        }
    }

    @Override
    public boolean exists() {
        try {
            dynamo.describeTable(describe -> describe.tableName(name));
            return true;
        } catch (ResourceNotFoundException none) {
            return false;
        }
    }

    private CreateTableRequest definition() {
        var attributes = new ArrayList<AttributeDefinition>();
        var keys = new ArrayList<KeySchemaElement>();
        attributes.add(attribute(partitionKey, ScalarAttributeType.S));
        keys.add(key(partitionKey, KeyType.HASH));
        sortKey.ifPresent(sort -> {
            attributes.add(attribute(sort, ScalarAttributeType.S));
            keys.add(key(sort, KeyType.RANGE));
        });
        var request = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(keys);
        for (var index : indexes) {
            attributes.add(attribute(index.partitionKey(), ScalarAttributeType.S));
            attributes.add(attribute(index.numericSortKey(), ScalarAttributeType.N));
        }
        if (!indexes.isEmpty()) {
            request.globalSecondaryIndexes(
                    indexes.stream().map(TableResource::definition).toList());
        }
        return request.attributeDefinitions(new LinkedHashSet<>(attributes)).build(); // indexes may share some
    }

    private static GlobalSecondaryIndex definition(Index index) {
        return GlobalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(key(index.partitionKey(), KeyType.HASH), key(index.numericSortKey(), KeyType.RANGE))
                .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                .build();
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
