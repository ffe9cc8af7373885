package dev.holdfast.ingest.access;

import java.util.Arrays;
import java.util.Optional;

/** What a key may do. */
public enum Scope {
    JOBS_WRITE("jobs:write"),
    JOBS_READ("jobs:read"),
    ADMIN("admin");

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    /** The name in the HTTP API and in the table. */
    public String wireName() {
        return wireName;
    }

    /** Empty when no scope has that name. */
    public static Optional<Scope> named(String wireName) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName.equals(wireName))
                .findFirst();
    }
}
