package dev.holdfast.worker;

import dev.holdfast.testing.NativeMetadata;
import org.junit.jupiter.api.Test;

class NativeMetadataTest {

    @Test
    void everyRecordOfTheWorkerIsKnownToNativeExecutables() {
        NativeMetadata.check(Router.class, "worker-service");
    }
}
