package dev.holdfast.aws;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;

/**
 * What IAM is asked before AWS carries a request out; the policies of {@code deploy/terraform} grant these and no
 * others.
 *
 * @param action as policies name it, such as {@code sqs:DeleteMessage}, which stands for the batch too
 * @param resource {@code queue/NAME}, {@code table/NAME}, {@code table/NAME/index/INDEX}, {@code bucket},
 *     {@code objects/FOLDER} (the first part of the key), {@code mail}, {@code mail-account} or {@code text-messages};
 *     of buckets of others, whose names are nobody's business here: {@code sources/buckets} and {@code sources/objects}
 *     for what is read, {@code targets/objects} for what is written
 */
public record Permission(String action, String resource) {

    /** S3 operations that ask for the permission of another. */
    private static final Map<String, String> OBJECT_ACTIONS = Map.ofEntries(
            Map.entry("HeadObject", "s3:GetObject"),
            Map.entry("GetObject", "s3:GetObject"),
            Map.entry("PutObject", "s3:PutObject"),
            Map.entry("CreateMultipartUpload", "s3:PutObject"),
            Map.entry("UploadPart", "s3:PutObject"),
            Map.entry("CompleteMultipartUpload", "s3:PutObject"),
            Map.entry("AbortMultipartUpload", "s3:AbortMultipartUpload"),
            Map.entry("ListParts", "s3:ListMultipartUploadParts"),
            Map.entry("DeleteObject", "s3:DeleteObject"));

    private static final Map<String, String> BUCKET_ACTIONS = Map.of(
            "HeadBucket", "s3:ListBucket",
            "ListObjectsV2", "s3:ListBucket",
            "ListObjectVersions", "s3:ListBucketVersions",
            "ListMultipartUploads", "s3:ListBucketMultipartUploads");

    /**
     * What a request asks for; several for a transaction or a batch over tables.
     *
     * @param service as the SDK names it: {@code Sqs}, {@code DynamoDb}, {@code S3}, {@code SESv2}, {@code Sns}
     */
    static Collection<Permission> of(String service, String operation, SdkRequest request, OwnBucket own) {
        return switch (service) {
            case "Sqs" -> List.of(new Permission("sqs:" + operation.replaceFirst("Batch$", ""), queue(request)));
            case "DynamoDb" -> ofTables(operation, request);
            case "S3" -> {
                if (!text(request, "Bucket").equals(own.name())) yield List.of(ofOtherBucket(operation));
                yield request instanceof DeleteObjectsRequest delete
                        ? ofDeletion(delete)
                        : List.of(ofBucket(operation, request));
            }
            case "Sns" -> List.of(new Permission("sns:" + operation, "text-messages"));
            default ->
                List.of(new Permission("ses:" + operation, operation.equals("GetAccount") ? "mail-account" : "mail"));
        };
    }

    private static String queue(SdkRequest request) {
        var url = text(request, "QueueUrl");
        return "queue/" + (url.isEmpty() ? text(request, "QueueName") : url.substring(url.lastIndexOf('/') + 1));
    }

    private static Collection<Permission> ofTables(String operation, SdkRequest request) {
        return switch (request) {
            case TransactWriteItemsRequest write -> ofTransaction(write);
            case BatchGetItemRequest get ->
                onTables(operation, get.requestItems().keySet());
            case BatchWriteItemRequest write ->
                onTables(operation, write.requestItems().keySet());
            case SdkRequest other -> List.of(onTable(operation, tableOrIndex(other)));
        };
    }

    private static String tableOrIndex(SdkRequest request) {
        var table = text(request, "TableName");
        var index = text(request, "IndexName");
        return index.isEmpty() ? table : table + "/index/" + index;
    }

    private static List<Permission> onTables(String operation, Set<String> tables) {
        return tables.stream().sorted().map(table -> onTable(operation, table)).toList();
    }

    /** A transaction is allowed to whom its parts are allowed. */
    private static Set<Permission> ofTransaction(TransactWriteItemsRequest write) {
        var all = new LinkedHashSet<Permission>();
        for (TransactWriteItem item : write.transactItems()) {
            if (item.put() != null) all.add(onTable("PutItem", item.put().tableName()));
            if (item.update() != null)
                all.add(onTable("UpdateItem", item.update().tableName()));
            if (item.delete() != null)
                all.add(onTable("DeleteItem", item.delete().tableName()));
            if (item.conditionCheck() != null) {
                all.add(onTable("ConditionCheckItem", item.conditionCheck().tableName()));
            }
        }
        return all;
    }

    private static Permission onTable(String action, String table) {
        return new Permission("dynamodb:" + action, "table/" + table);
    }

    private static Permission ofBucket(String operation, SdkRequest request) {
        var onObject = OBJECT_ACTIONS.get(operation);
        if (onObject != null) {
            return new Permission(onObject, "objects/" + text(request, "Key").replaceFirst("/.*", ""));
        }
        return new Permission(BUCKET_ACTIONS.getOrDefault(operation, "s3:" + operation), "bucket");
    }

    private static Permission ofOtherBucket(String operation) {
        var onObject = OBJECT_ACTIONS.get(operation);
        if (onObject == null) {
            return new Permission(BUCKET_ACTIONS.getOrDefault(operation, "s3:" + operation), "sources/buckets");
        }
        return new Permission(onObject, onObject.equals("s3:GetObject") ? "sources/objects" : "targets/objects");
    }

    /** Many at once are allowed to whom each is. */
    private static Set<Permission> ofDeletion(DeleteObjectsRequest request) {
        var all = new LinkedHashSet<Permission>();
        for (var object : request.delete().objects()) {
            all.add(new Permission("s3:DeleteObject", "objects/" + object.key().replaceFirst("/.*", "")));
        }
        return all;
    }

    private static String text(SdkRequest request, String field) {
        return request.getValueForField(field, String.class).orElse("");
    }
}
