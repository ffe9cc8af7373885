package dev.holdfast.aws;

import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryUtils;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * What a failed AWS call means for the job that made it. The one table of this kind: whoever asks, asks here.
 *
 * <p>Sources: the error references of SQS, DynamoDB, S3 and SES v2, and the SDK's own list of throttling codes
 * ({@link RetryUtils#isThrottlingException}). The SDK has repeated a call several times before it fails at all.
 */
public enum AwsFailure {

    /** Too many calls: take less work for a while, and try again. Costs the job no attempt. */
    THROTTLE,

    /** It may work the next time: a lost connection, a time-out, an answer 5xx, two writes that met. */
    TRANSIENT,

    /** It cannot work until somebody changes something: a missing bucket, a refused permission, a key that is off. */
    PERMANENT,

    /** It can never work, because of what was asked: a request that is malformed or too large. */
    POISON;

    private static final Set<String> THROTTLES = Set.of(
            "ProvisionedThroughputExceeded", // as a reason of a cancelled transaction, without "Exception"
            "ThrottlingError",
            "SlowDown",
            "RequestThrottled",
            "OverLimit",
            "KmsThrottled",
            "Throttling");

    private static final Set<String> PERMANENTS = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "AllAccessDisabled",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
            "NoSuchBucket",
            "ResourceNotFoundException",
            "QueueDoesNotExist",
            "AWS.SimpleQueueService.NonExistentQueue",
            "KMS.DisabledException",
            "KMS.NotFoundException",
            "KMSInvalidStateException",
            "AccountSuspendedException",
            "MailFromDomainNotVerifiedException");

    private static final Set<String> POISONS = Set.of(
            "ValidationException",
            "ValidationError",
            "ItemCollectionSizeLimitExceeded",
            "ItemCollectionSizeLimitExceededException",
            "InvalidMessageContents",
            "InvalidParameterValue",
            "MessageTooLong",
            "BatchRequestTooLong",
            "EntityTooLarge",
            "KeyTooLongError",
            "InvalidArgument",
            "InvalidRequest");

    /** What the failure means; empty when neither it nor a cause of it is a failed AWS call. */
    public static Optional<AwsFailure> of(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SdkException aws) return Optional.of(of(aws));
        }
        return Optional.empty();
    }

    private static AwsFailure of(SdkException failure) {
        if (RetryUtils.isThrottlingException(failure)) return THROTTLE;
        if (failure instanceof TransactionCanceledException cancelled) return of(cancelled);
        return failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
                ? of(String.valueOf(answer.awsErrorDetails().errorCode()))
                : TRANSIENT;
    }

    /** The worst of the reasons: one part that can never work spoils the whole. */
    private static AwsFailure of(TransactionCanceledException cancelled) {
        return cancelled.cancellationReasons().stream()
                .map(CancellationReason::code)
                .filter(code -> code != null && !code.equals("None"))
                .map(AwsFailure::of)
                .reduce(TRANSIENT, (one, other) -> rank(one) >= rank(other) ? one : other);
    }

    private static int rank(AwsFailure failure) {
        return switch (failure) {
            case TRANSIENT -> 0;
            case THROTTLE -> 1;
            case PERMANENT -> 2;
            case POISON -> 3;
        };
    }

    private static AwsFailure of(String code) {
        if (THROTTLES.contains(code)) return THROTTLE;
        if (PERMANENTS.contains(code)) return PERMANENT;
        return POISONS.contains(code) ? POISON : TRANSIENT;
    }
}
