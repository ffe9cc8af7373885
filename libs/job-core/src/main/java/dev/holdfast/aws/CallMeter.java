package dev.holdfast.aws;

import dev.holdfast.metrics.Metrics;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpHeaders;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Counts what the service asks of AWS, so that the price of a job is a figure. Named in application.properties. */
@Singleton
public final class CallMeter implements ExecutionInterceptor {

    private final Metrics metrics;
    private final Optional<OwnBucket> ownBucket;

    @Inject
    public CallMeter(Metrics metrics, OwnBucket bucket) {
        this(metrics, Optional.of(bucket));
    }

    private CallMeter(Metrics metrics, Optional<OwnBucket> ownBucket) {
        this.metrics = metrics;
        this.ownBucket = ownBucket;
    }

    /**
     * For clients with credentials of somebody else's: their calls say nothing of what the service's role must allow.
     */
    public static CallMeter underOtherCredentials(Metrics metrics) {
        return new CallMeter(metrics, Optional.empty());
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        var total = ReturnConsumedCapacity.TOTAL;
        return switch (context.request()) {
            case PutItemRequest put ->
                put.toBuilder().returnConsumedCapacity(total).build();
            case UpdateItemRequest update ->
                update.toBuilder().returnConsumedCapacity(total).build();
            case DeleteItemRequest delete ->
                delete.toBuilder().returnConsumedCapacity(total).build();
            case TransactWriteItemsRequest write ->
                write.toBuilder().returnConsumedCapacity(total).build();
            case GetItemRequest get ->
                get.toBuilder().returnConsumedCapacity(total).build();
            case BatchGetItemRequest get ->
                get.toBuilder().returnConsumedCapacity(total).build();
            case QueryRequest query ->
                query.toBuilder().returnConsumedCapacity(total).build();
            case SdkRequest other -> other;
        };
    }

    /** Once for each attempt of the SDK: AWS counts, and bills, repeated requests too. */
    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        var service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
        metrics.called(service, action(attributes));
        if (ownBucket.isEmpty()) return;
        for (var permission : Permission.of(service, action(attributes), context.request(), ownBucket.get())) {
            metrics.permissionUsed(permission.action(), permission.resource());
        }
    }

    /** By the lengths that were announced: what a broken connection did not bring is counted too. */
    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        if (!attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME).equals("S3")) return;
        count(action(attributes), "sent", context.httpRequest());
        count(action(attributes), "received", context.httpResponse());
    }

    private void count(String action, String direction, SdkHttpHeaders headers) {
        headers.firstMatchingHeader("Content-Length")
                .ifPresent(length -> metrics.transferred(action, direction, Double.parseDouble(length)));
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        for (var used : consumed(context.response())) {
            if (used.capacityUnits() != null) metrics.unitsUsed(action(attributes), used.capacityUnits());
        }
    }

    private static String action(ExecutionAttributes attributes) {
        return attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    }

    /** One or several, under the same name in every answer of DynamoDB. */
    private static List<ConsumedCapacity> consumed(SdkResponse response) {
        Optional<?> field = response.getValueForField("ConsumedCapacity", Object.class);
        if (field.isEmpty()) return List.of();
        return switch (field.get()) {
            case ConsumedCapacity one -> List.of(one);
            case List<?> several ->
                several.stream().map(ConsumedCapacity.class::cast).toList();
            default -> List.of();
        };
    }
}
