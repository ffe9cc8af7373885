package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;

class PermissionTest {

    private static final OwnBucket OWN = new OwnBucket("own");

    @Test
    void batchOnAQueueIsAllowedToWhomOneMessageIs() {
        var request = DeleteMessageBatchRequest.builder()
                .queueUrl("http://localhost:9324/000000000000/holdfast-quick")
                .build();

        assertThat(Permission.of("Sqs", "DeleteMessageBatch", request, OWN))
                .containsExactly(new Permission("sqs:DeleteMessage", "queue/holdfast-quick"));
        assertThat(Permission.of(
                        "Sqs",
                        "GetQueueUrl",
                        GetQueueUrlRequest.builder().queueName("holdfast-bulk").build(),
                        OWN))
                .containsExactly(new Permission("sqs:GetQueueUrl", "queue/holdfast-bulk"));
    }

    @Test
    void transactionAsksForEachOfItsParts() {
        var id = Map.of("id", AttributeValue.fromS("1"));
        var put = TransactWriteItem.builder()
                .put(user -> user.tableName("t-users").item(id))
                .build();
        var check = TransactWriteItem.builder()
                .conditionCheck(job -> job.tableName("t-jobs").key(id))
                .build();
        var request = TransactWriteItemsRequest.builder()
                .transactItems(List.of(put, put, check))
                .build();

        assertThat(Permission.of("DynamoDb", "TransactWriteItems", request, OWN))
                .containsExactly(
                        new Permission("dynamodb:PutItem", "table/t-users"),
                        new Permission("dynamodb:ConditionCheckItem", "table/t-jobs"));
    }

    @Test
    void queryOfAnIndexAsksForTheIndexAndABatchForEachTable() {
        var query = QueryRequest.builder().tableName("t-jobs").indexName("due").build();
        var none = KeysAndAttributes.builder().keys(List.of()).build();
        var batch = BatchGetItemRequest.builder()
                .requestItems(Map.of("t-jobs", none, "t-access", none))
                .build();

        assertThat(Permission.of("DynamoDb", "Query", query, OWN))
                .containsExactly(new Permission("dynamodb:Query", "table/t-jobs/index/due"));
        assertThat(Permission.of("DynamoDb", "BatchGetItem", batch, OWN))
                .containsExactly(
                        new Permission("dynamodb:BatchGetItem", "table/t-access"),
                        new Permission("dynamodb:BatchGetItem", "table/t-jobs"));
    }

    @Test
    void headsAskForWhatReadingAndListingDo() {
        var head = HeadObjectRequest.builder()
                .bucket("own")
                .key("backups/local/default/objects/1")
                .build();

        assertThat(Permission.of("S3", "HeadObject", head, OWN))
                .containsExactly(new Permission("s3:GetObject", "objects/backups"));
        assertThat(Permission.of(
                        "S3",
                        "HeadBucket",
                        HeadBucketRequest.builder().bucket("own").build(),
                        OWN))
                .containsExactly(new Permission("s3:ListBucket", "bucket"));
        assertThat(Permission.of("SESv2", "SendEmail", head, OWN))
                .containsExactly(new Permission("ses:SendEmail", "mail"));
    }

    @Test
    void bucketsOfOthersHaveNoNames() {
        var get = HeadObjectRequest.builder().bucket("theirs").key("a/b").build();
        var put = PutObjectRequest.builder().bucket("theirs").key("a/b").build();
        var list = HeadBucketRequest.builder().bucket("theirs").build();

        assertThat(Permission.of("S3", "GetObject", get, OWN))
                .containsExactly(new Permission("s3:GetObject", "sources/objects"));
        assertThat(Permission.of("S3", "ListObjectsV2", list, OWN))
                .containsExactly(new Permission("s3:ListBucket", "sources/buckets"));
        assertThat(Permission.of("S3", "PutObject", put, OWN))
                .containsExactly(new Permission("s3:PutObject", "targets/objects"));
    }
}
