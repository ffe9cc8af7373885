package dev.holdfast.resources;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import software.amazon.awssdk.core.exception.SdkException;

/** Ready when every queue, table and bucket that the service needs answers. */
@Readiness
@Singleton
public final class ResourcesReadiness implements HealthCheck {

    private final Resources resources;

    ResourcesReadiness(Resources resources) {
        this.resources = resources;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("aws-resources");
        try {
            var missing = resources.missing();
            return missing.isEmpty()
                    ? response.up().build()
                    : response.down()
                            .withData("missing", String.join(", ", missing))
                            .build();
        } catch (SdkException e) {
            return response.down()
                    .withData("error", String.valueOf(e.getMessage()))
                    .build();
        }
    }
}
