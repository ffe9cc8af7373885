package dev.holdfast.aws;

import dev.holdfast.trace.Traced;
import dev.holdfast.trace.Tracing;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Shows each call to AWS in the trace of what it is made for, the SDK's repetitions within; calls that are made for
 * nothing of the kind, such as polls, are in none. Named in application.properties.
 */
@Singleton
public final class CallTrace implements ExecutionInterceptor {

    private static final ExecutionAttribute<Traced> CALL = new ExecutionAttribute<>("holdfast.call");

    /** Where a call goes, by the name of the request's field. Keys are left out: they may name people. */
    private static final Map<String, String> PLACES = Map.of(
            "TableName", "aws.dynamodb.table_names",
            "Bucket", "aws.s3.bucket",
            "QueueUrl", "aws.sqs.queue.url");

    /** Why a transaction is cancelled that was asked for to learn just that. */
    private static final Set<String> PLANNED = Set.of("None", "ConditionalCheckFailed");

    private final Tracing tracing;

    public CallTrace(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (!tracing.isOn()) return;
        var service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
        var operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        var call = tracing.call(service + "." + operation)
                .with("rpc.system", "aws-api")
                .with("rpc.service", service)
                .with("rpc.method", operation);
        PLACES.forEach((field, name) -> text(context.request(), field).ifPresent(place -> call.with(name, place)));
        attributes.putAttribute(CALL, call);
    }

    private static Optional<String> text(SdkRequest request, String field) {
        return request.getValueForField(field, String.class);
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        var call = attributes.getAttribute(CALL);
        if (call == null) return;
        call.with("http.response.status_code", context.httpResponse().statusCode());
        if (context.response() instanceof AwsResponse answer) {
            call.with("aws.request_id", String.valueOf(answer.responseMetadata().requestId()));
        }
        call.end();
    }

    /** A condition that does not hold is an answer like another: most of them are asked for to learn just that. */
    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        var call = attributes.getAttribute(CALL);
        if (call == null) return;
        var failure = context.exception();
        if (failure instanceof AwsServiceException answer) {
            call.with("http.response.status_code", answer.statusCode());
            if (answer.requestId() != null) call.with("aws.request_id", answer.requestId());
        }
        if (!isAnswer(failure)) call.failed(name(failure));
        call.end();
    }

    private static boolean isAnswer(Throwable failure) {
        if (failure instanceof ConditionalCheckFailedException) return true;
        if (failure instanceof TransactionCanceledException cancelled) {
            return cancelled.cancellationReasons().stream()
                    .allMatch(reason -> PLANNED.contains(String.valueOf(reason.code())));
        }
        return failure instanceof AwsServiceException answer
                && (answer.statusCode() == 404 || answer.statusCode() == 412);
    }

    private static String name(Throwable failure) {
        return failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
                ? String.valueOf(answer.awsErrorDetails().errorCode())
                : failure.getClass().getName();
    }
}
