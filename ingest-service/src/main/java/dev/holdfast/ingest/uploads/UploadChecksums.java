package dev.holdfast.ingest.uploads;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import software.amazon.awssdk.core.SdkSystemSetting;

/**
 * Keeps the SDK from promising S3 a checksum of its own for every part: it is the client who puts the parts, by bare
 * URLs, and S3 would refuse to make one file of them. This service puts nothing to S3 itself.
 */
final class UploadChecksums {

    private static final int BEFORE_ANY_CLIENT = 1;

    private UploadChecksums() {}

    static void onlyWhenRequired(@Observes @Priority(BEFORE_ANY_CLIENT) StartupEvent start) {
        System.setProperty(SdkSystemSetting.AWS_REQUEST_CHECKSUM_CALCULATION.property(), "when_required");
    }
}
