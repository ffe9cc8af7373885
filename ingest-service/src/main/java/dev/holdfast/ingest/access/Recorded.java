package dev.holdfast.ingest.access;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Does what an operator asks for, on record. */
@Singleton
public final class Recorded {

    private final AuditLog audit;

    Recorded(AuditLog audit) {
        this.audit = audit;
    }

    /**
     * An action. Its record is there before it begins, and has no outcome if it throws.
     *
     * @param tenant whom it concerns
     */
    public <T> T act(
            Caller caller,
            String tenant,
            String what,
            Map<String, String> arguments,
            Supplier<T> action,
            Function<T, Map<String, String>> outcome) {
        var entry = audit.begin(caller, tenant, what, arguments);
        var result = action.get();
        audit.end(entry, outcome.apply(result));
        return result;
    }

    /** The same for an action that has neither arguments nor an outcome to tell of. */
    public void act(Caller caller, String tenant, String what, Runnable action) {
        var entry = audit.begin(caller, tenant, what, Map.of());
        action.run();
        audit.end(entry, Map.of());
    }
}
