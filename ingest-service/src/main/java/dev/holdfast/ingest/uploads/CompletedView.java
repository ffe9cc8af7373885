package dev.holdfast.ingest.uploads;

import dev.holdfast.catalog.Upload;
import java.time.Instant;

/**
 * A file that is there.
 *
 * @param keptUntil until when it is there for sure; longer while a job uses it
 */
record CompletedView(String uploadId, String name, long size, Instant keptUntil) {

    static CompletedView of(Upload upload, UploadLimits limits) {
        return new CompletedView(upload.id(), upload.name(), upload.size(), limits.end(upload.expiresAt()));
    }
}
