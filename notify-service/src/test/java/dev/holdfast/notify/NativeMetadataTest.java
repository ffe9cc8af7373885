package dev.holdfast.notify;

import dev.holdfast.testing.NativeMetadata;
import org.junit.jupiter.api.Test;

class NativeMetadataTest {

    @Test
    void everyRecordOfTheNotifierIsKnownToNativeExecutables() {
        NativeMetadata.check(EventHandler.class, "notify-service");
    }
}
