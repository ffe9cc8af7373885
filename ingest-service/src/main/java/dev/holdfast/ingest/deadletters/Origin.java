package dev.holdfast.ingest.deadletters;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.job.Lane;
import dev.holdfast.queue.QueueNames;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The queue that a dead letter could not be handled on: a lane, or one to the notifier. The API calls it lane. */
@Schema(name = "DeadLetterLane")
enum Origin {
    @JsonProperty("quick")
    QUICK,
    @JsonProperty("bulk")
    BULK,
    @JsonProperty("events")
    EVENTS,
    @JsonProperty("webhooks")
    WEBHOOKS;

    /** The name in the HTTP API and in the table. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Origin> named(String wireName) {
        return Arrays.stream(values())
                .filter(origin -> origin.wireName().equals(wireName))
                .findFirst();
    }

    /** The queue's name. */
    String queue(QueueNames names) {
        return switch (this) {
            case QUICK -> names.lane(Lane.QUICK);
            case BULK -> names.lane(Lane.BULK);
            case EVENTS -> names.events();
            case WEBHOOKS -> names.webhooks();
        };
    }
}
