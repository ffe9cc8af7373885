package dev.holdfast.tests;

import dev.holdfast.local.StackOptions;

/**
 * An ingest process with short times and low limits, for what would take hours else. Shared, and started when asked.
 */
final class StrictDoor {

    static final int MAX_CONNECTIONS = 50;

    private StrictDoor() {}

    static House house() {
        return Started.HOUSE;
    }

    private static StackOptions strict(StackOptions options) {
        return options.without("worker", "notify")
                .with("HOLDFAST_SMS_ENABLED", "false")
                .with("HOLDFAST_HTTP_HEADER_TIMEOUT", "700ms")
                .with("HOLDFAST_HTTP_BODY_TIMEOUT", "700ms")
                .with("HOLDFAST_HTTP_MAX_CONNECTIONS", Integer.toString(MAX_CONNECTIONS))
                .with("HOLDFAST_UPLOADS_URL_LIFETIME", "5s")
                .with("HOLDFAST_UPLOADS_PARTS_LIFETIME", "5s")
                .with("HOLDFAST_UPLOADS_KEEP", "5s")
                .with("HOLDFAST_UPLOADS_SWEEP_EVERY", "1s");
    }

    private static final class Started {
        static final House HOUSE = House.start(StrictDoor::strict);

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(HOUSE::close));
        }
    }
}
