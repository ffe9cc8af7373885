package dev.holdfast.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Brings payloads that an older release has stored up to date, one version at a time.
 *
 * @param steps the first leads from version 1 to 2; none: there has only ever been one version
 */
record Upcasts(List<Step> steps) {

    /** Changes a payload of one version into one of the next. */
    interface Step {
        void apply(ObjectNode payload);
    }

    Upcasts {
        steps = List.copyOf(steps);
    }

    /** The current version. */
    int version() {
        return steps.size() + 1;
    }

    /** Throws {@link IllegalArgumentException} when the version is not known here. */
    String apply(String json, int version) {
        if (version < 1 || version > version()) {
            throw new IllegalArgumentException("payload of version " + version + "; known are 1 to " + version());
        }
        if (version == version()) return json;
        var payload = Json.read(json, ObjectNode.class);
        steps.subList(version - 1, steps.size()).forEach(step -> step.apply(payload));
        return payload.toString();
    }
}
