package dev.holdfast.ingest.uploads;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where to put a file: to {@code url}, with exactly these headers; or, above 64 MiB, each part to its own.
 *
 * @param parts in their order; left out when the file is put as a whole
 * @param expiresAt until when the URLs are good
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record UploadView(
        String uploadId,
        String method,
        Optional<URI> url,
        Optional<Map<String, String>> headers,
        Optional<List<PartView>> parts,
        Instant expiresAt) {

    /**
     * A part.
     *
     * @param number from 1
     * @param size the bytes to send, no more and no fewer
     */
    record PartView(int number, long size, URI url) {}
}
