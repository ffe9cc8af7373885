package dev.holdfast.local;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the AWS services are, and who may use them.
 *
 * @param sns for text messages
 * @param mailbox the page with the mails that were "sent"; empty unless SES is the stand-in of this module
 */
public record AwsEndpoints(
        URI sqs,
        URI dynamodb,
        URI s3,
        URI sesv2,
        URI sns,
        Optional<URI> mailbox,
        String region,
        String accessKey,
        String secretKey) {

    /**
     * One endpoint for all services, as LocalStack, Floci and moto offer it.
     *
     * @param env where AWS_REGION (or AWS_DEFAULT_REGION), AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are looked up;
     *     without them us-east-1 and the dummy key pair test/test are used
     */
    public static AwsEndpoints at(URI url, Map<String, String> env) {
        String region = env.getOrDefault("AWS_REGION", env.getOrDefault("AWS_DEFAULT_REGION", "us-east-1"));
        return new AwsEndpoints(
                url,
                url,
                url,
                url,
                url,
                Optional.empty(),
                region,
                env.getOrDefault("AWS_ACCESS_KEY_ID", "test"),
                env.getOrDefault("AWS_SECRET_ACCESS_KEY", "test"));
    }

    /** The same endpoints with a mailbox. */
    public AwsEndpoints withMailbox(URI page) {
        return new AwsEndpoints(sqs, dynamodb, s3, sesv2, sns, Optional.of(page), region, accessKey, secretKey);
    }

    /** The variables by which every AWS SDK and the {@code aws} command find these endpoints. */
    public Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ENDPOINT_URL_SQS", sqs.toString());
        variables.put("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.toString());
        variables.put("AWS_ENDPOINT_URL_S3", s3.toString());
        variables.put("AWS_ENDPOINT_URL_SESV2", sesv2.toString());
        variables.put("AWS_ENDPOINT_URL_SNS", sns.toString());
        variables.put("AWS_REGION", region);
        variables.put("AWS_ACCESS_KEY_ID", accessKey);
        variables.put("AWS_SECRET_ACCESS_KEY", secretKey);
        return variables;
    }
}
