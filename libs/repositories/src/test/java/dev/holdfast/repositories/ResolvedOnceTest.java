package dev.holdfast.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointParams;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;

/** Against the rules themselves. */
class ResolvedOnceTest {

    private static final List<String> KEYS = List.of("a", "b/c", "ü ?#%");

    private final ResolvedOnce resolved = new ResolvedOnce();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bucket",
                "a.bucket.with.dots",
                "express--use1-az4--x-s3",
                "arn:aws:s3:us-east-1:123456789012:accesspoint:point"
            })
    void eachBucketIsAnsweredAsByTheRulesWhateverTheKey(String bucket) {
        for (var key : KEYS) {
            assertThat(resolved.resolveEndpoint(endpoint(bucket, key)).join())
                    .isEqualTo(S3EndpointProvider.defaultProvider()
                            .resolveEndpoint(endpoint(bucket, key))
                            .join());
            for (var operation : List.of("GetObject", "PutObject", "ListObjectsV2")) {
                var call = signing(bucket, operation, key);
                assertThat(resolved.resolveAuthScheme(call))
                        .hasToString(S3AuthSchemeProvider.defaultProvider()
                                .resolveAuthScheme(call)
                                .toString());
            }
        }
    }

    @Test
    void rulesAreAskedOnceForABucket() {
        var first = resolved.resolveEndpoint(endpoint("bucket", "a"));
        var signing = resolved.resolveAuthScheme(signing("bucket", "GetObject", "a"));

        assertThat(resolved.resolveEndpoint(endpoint("bucket", "b"))).isSameAs(first);
        assertThat(resolved.resolveAuthScheme(signing("bucket", "GetObject", "b")))
                .isSameAs(signing);
        assertThat(resolved.resolveEndpoint(endpoint("other", "a"))).isNotSameAs(first);
        assertThat(resolved.resolveAuthScheme(signing("bucket", "PutObject", "a")))
                .isNotSameAs(signing);
    }

    private static S3EndpointParams endpoint(String bucket, String key) {
        return S3EndpointParams.builder()
                .region(Region.US_EAST_1)
                .bucket(bucket)
                .key(key)
                .build();
    }

    private static S3AuthSchemeParams signing(String bucket, String operation, String key) {
        return S3AuthSchemeParams.builder()
                .region(Region.US_EAST_1)
                .bucket(bucket)
                .operation(operation)
                .key(key)
                .build();
    }
}
