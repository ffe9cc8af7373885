package dev.holdfast.resources;

import java.util.ArrayList;
import java.util.Optional;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
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
 * @param index its one index, projecting keys only
 */
public record TableResource(
        DynamoDbClient dynamo, String name, String partitionKey, Optional<String> sortKey, Optional<Index> index)
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
        expireItems();
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
        index.ifPresent(by -> {
            attributes.add(attribute(by.partitionKey(), ScalarAttributeType.S));
            attributes.add(attribute(by.numericSortKey(), ScalarAttributeType.N));
            request.globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                    .indexName(by.name())
                    .keySchema(key(by.partitionKey(), KeyType.HASH), key(by.numericSortKey(), KeyType.RANGE))
                    .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                    .build());
        });
        return request.attributeDefinitions(attributes).build();
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
