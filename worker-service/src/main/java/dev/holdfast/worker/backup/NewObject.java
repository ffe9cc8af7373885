package dev.holdfast.worker.backup;

import java.util.Map;
import java.util.Optional;

/** An object that is to be made, but for its content. */
record NewObject(String key, Optional<String> contentType, Map<String, String> metadata) {

    NewObject {
        metadata = Map.copyOf(metadata);
    }

    /** One of which no more is known. */
    static NewObject of(String key) {
        return new NewObject(key, Optional.empty(), Map.of());
    }
}
