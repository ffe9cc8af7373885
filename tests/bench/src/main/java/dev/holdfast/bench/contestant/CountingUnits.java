package dev.holdfast.bench.contestant;

import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Also asks DynamoDB for the units that each call consumed. */
public final class CountingUnits extends Counting {

    /** Units of all writes. */
    public static final String WRITE_UNITS = "WriteUnits";

    /** Units of all reads. */
    public static final String READ_UNITS = "ReadUnits";

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        var total = ReturnConsumedCapacity.TOTAL;
        return switch (context.request()) {
            case PutItemRequest put ->
                put.toBuilder().returnConsumedCapacity(total).build();
            case UpdateItemRequest update ->
                update.toBuilder().returnConsumedCapacity(total).build();
            case GetItemRequest get ->
                get.toBuilder().returnConsumedCapacity(total).build();
            case QueryRequest query ->
                query.toBuilder().returnConsumedCapacity(total).build();
            case TransactWriteItemsRequest writes ->
                writes.toBuilder().returnConsumedCapacity(total).build();
            default -> context.request();
        };
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        switch (context.response()) {
            case PutItemResponse put -> add(WRITE_UNITS, put.consumedCapacity());
            case UpdateItemResponse update -> add(WRITE_UNITS, update.consumedCapacity());
            case GetItemResponse get -> add(READ_UNITS, get.consumedCapacity());
            case QueryResponse query -> add(READ_UNITS, query.consumedCapacity());
            case TransactWriteItemsResponse writes ->
                writes.consumedCapacity().forEach(table -> add(WRITE_UNITS, table));
            default -> {
                // Costs no units.
            }
        }
    }

    private void add(String name, ConsumedCapacity capacity) {
        add(name, capacity.capacityUnits());
    }
}
