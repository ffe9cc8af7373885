package dev.holdfast.ingest;

import dev.holdfast.job.JobId;
import dev.holdfast.repositories.KeyWrap;
import dev.holdfast.testing.NativeMetadata;
import org.junit.jupiter.api.Test;

class NativeMetadataTest {

    @Test
    void everyRecordOfTheDoorIsKnownToNativeExecutables() {
        NativeMetadata.check(Startup.class, "ingest-service");
    }

    @Test
    void everyRecordOfTheJobsIsKnownToNativeExecutables() {
        NativeMetadata.check(JobId.class, "holdfast-job-core");
    }

    @Test
    void everyRecordOfTheRepositoriesIsKnownToNativeExecutables() {
        NativeMetadata.check(KeyWrap.class, "holdfast-repositories");
    }
}
