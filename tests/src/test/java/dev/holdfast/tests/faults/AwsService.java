package dev.holdfast.tests.faults;

import dev.holdfast.tests.faults.HttpMessage.Header;
import java.util.regex.Pattern;

/** A service of AWS as it looks on the wire: how a request names its action, and how the service says no. */
enum AwsService {
    SQS,
    DYNAMODB,
    S3,
    SESV2;

    private static final String JSON_1_0 = "application/x-amz-json-1.0";
    private static final Pattern BUCKET_ONLY = Pattern.compile("/[^/]*/?");

    /** The variable that tells the SDK where the service is. */
    String endpointVariable() {
        return "AWS_ENDPOINT_URL_" + name();
    }

    /** The name of what the request asks for, as in the service's API reference. */
    String action(HttpMessage request) {
        return switch (this) {
            case SQS, DYNAMODB ->
                request.header("X-Amz-Target")
                        .map(target -> target.substring(target.indexOf('.') + 1))
                        .orElse("Unknown");
            case S3 -> s3Action(request.method(), request.target());
            case SESV2 -> sesAction(request.method(), request.target());
        };
    }

    private static String s3Action(String method, String target) {
        var query = target.contains("?") ? target.substring(target.indexOf('?') + 1) : "";
        var onBucket = BUCKET_ONLY.matcher(target.split("\\?", 2)[0]).matches();
        if (onBucket) {
            return switch (method) {
                case "PUT" -> query.isEmpty() ? "CreateBucket" : "PutBucketConfiguration";
                case "HEAD" -> "HeadBucket";
                case "POST" -> "DeleteObjects";
                case "DELETE" -> "DeleteBucket";
                default -> query.contains("list-type=2") ? "ListObjectsV2" : "GetBucketConfiguration";
            };
        }
        var part = query.contains("uploadId=");
        return switch (method) {
            case "PUT" -> part ? "UploadPart" : "PutObject";
            case "POST" -> part ? "CompleteMultipartUpload" : "CreateMultipartUpload";
            case "DELETE" -> part ? "AbortMultipartUpload" : "DeleteObject";
            case "HEAD" -> "HeadObject";
            default -> "GetObject";
        };
    }

    private static String sesAction(String method, String target) {
        if (target.startsWith("/v2/email/outbound-emails")) return "SendEmail";
        if (target.startsWith("/v2/email/account")) return "GetAccount";
        if (target.startsWith("/v2/email/identities"))
            return method.equals("POST") ? "CreateEmailIdentity" : "GetEmailIdentity";
        return "Unknown";
    }

    /** The answer to a caller that asks too often. */
    HttpMessage throttled() {
        return switch (this) {
            case SQS -> json(400, "com.amazonaws.sqs#RequestThrottled", "Request is throttled.");
            case DYNAMODB ->
                json(
                        400,
                        "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
                        "The level of configured provisioned throughput for the table was exceeded.");
            case S3 -> xml(503, "SlowDown", "Please reduce your request rate.");
            case SESV2 -> rest(429, "TooManyRequestsException", "Maximum sending rate exceeded.");
        };
    }

    /** The answer to a caller that may not do that. */
    HttpMessage denied() {
        return switch (this) {
            case SQS, DYNAMODB -> json(400, "com.amazon.coral.service#AccessDeniedException", "Not you.");
            case S3 -> xml(403, "AccessDenied", "Access Denied");
            case SESV2 -> rest(403, "AccessDeniedException", "Not you.");
        };
    }

    /** The answer of a service that is not well. */
    HttpMessage failed() {
        return switch (this) {
            case SQS -> json(500, "com.amazonaws.sqs#InternalFailure", "It is not you.");
            case DYNAMODB -> json(500, "com.amazonaws.dynamodb.v20120810#InternalServerError", "It is not you.");
            case S3 -> xml(500, "InternalError", "We encountered an internal error. Please try again.");
            case SESV2 -> rest(500, "InternalServiceErrorException", "It is not you.");
        };
    }

    private static HttpMessage json(int status, String type, String message) {
        return HttpMessage.response(
                status, JSON_1_0, "{\"__type\":\"%s\",\"message\":\"%s\"}".formatted(type, message));
    }

    private static HttpMessage rest(int status, String type, String message) {
        return HttpMessage.response(
                status,
                "application/json",
                "{\"message\":\"%s\"}".formatted(message),
                new Header("x-amzn-ErrorType", type));
    }

    private static HttpMessage xml(int status, String code, String message) {
        return HttpMessage.response(
                status,
                "application/xml",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
                        .formatted(code, message));
    }
}
