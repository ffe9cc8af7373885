package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

class AwsFailureTest {

    @Test
    void whatIsNotOfAwsIsNotJudged() {
        assertThat(AwsFailure.of(new IOException("disk full"))).isEmpty();
    }

    @Test
    void connectionsThatBreakMayWorkTheNextTime() {
        assertThat(AwsFailure.of(SdkClientException.create("connection reset"))).contains(AwsFailure.TRANSIENT);
        assertThat(AwsFailure.of(answer(500, "InternalServerError"))).contains(AwsFailure.TRANSIENT);
    }

    @Test
    void everyServiceHasItsOwnWordForTooMuch() {
        for (var code : new String[] {
            "ProvisionedThroughputExceededException",
            "ThrottlingException",
            "TooManyRequestsException",
            "SlowDown",
            "RequestThrottled",
            "RequestLimitExceeded"
        }) {
            assertThat(AwsFailure.of(answer(400, code))).as(code).contains(AwsFailure.THROTTLE);
        }
        assertThat(AwsFailure.of(answer(429, "Whatever"))).contains(AwsFailure.THROTTLE);
    }

    @Test
    void whatOnlyAPersonCanMendIsPermanentAndWhatNobodyCanIsPoison() {
        assertThat(AwsFailure.of(answer(403, "AccessDenied"))).contains(AwsFailure.PERMANENT);
        assertThat(AwsFailure.of(answer(404, "NoSuchBucket"))).contains(AwsFailure.PERMANENT);
        assertThat(AwsFailure.of(answer(400, "ValidationException"))).contains(AwsFailure.POISON);
        assertThat(AwsFailure.of(answer(400, "EntityTooLarge"))).contains(AwsFailure.POISON);
    }

    @Test
    void causeIsLookedForBehindOtherExceptions() {
        var wrapped = new ExecutionException(new IllegalStateException(answer(403, "AccessDenied")));

        assertThat(AwsFailure.of(wrapped)).contains(AwsFailure.PERMANENT);
    }

    @Test
    void cancelledTransactionIsAsBadAsTheWorstOfItsReasons() {
        assertThat(AwsFailure.of(cancelled("None", "TransactionConflict"))).contains(AwsFailure.TRANSIENT);
        assertThat(AwsFailure.of(cancelled("TransactionConflict", "ThrottlingError")))
                .contains(AwsFailure.THROTTLE);
        assertThat(AwsFailure.of(cancelled("ThrottlingError", "ValidationError")))
                .contains(AwsFailure.POISON);
    }

    private static AwsServiceException answer(int status, String code) {
        return AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    private static TransactionCanceledException cancelled(String... codes) {
        return TransactionCanceledException.builder()
                .cancellationReasons(Arrays.stream(codes)
                        .map(code -> CancellationReason.builder().code(code).build())
                        .toList())
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("TransactionCanceledException")
                        .build())
                .build();
    }
}
