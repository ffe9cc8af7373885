package dev.holdfast.tests.client;

import java.util.Optional;

/** Puts the lines of an event stream together (HTML Living Standard, section 9.2.6). */
final class EventParser {

    private final StringBuilder data = new StringBuilder();
    private String id;
    private String name = "message";

    EventParser(String lastEventId) {
        this.id = lastEventId;
    }

    /** The event that this line completes, if it does. */
    Optional<JobEvent> line(String line) {
        if (line.isEmpty()) return dispatch();
        var colon = line.indexOf(':');
        var value = line.substring(colon + 1).stripLeading();
        switch (line.substring(0, Math.max(0, colon))) {
            case "id" -> id = value;
            case "event" -> name = value;
            case "data" -> data.append(value);
            default -> {
                // a comment, or what this client has no use for
            }
        }
        return Optional.empty();
    }

    private Optional<JobEvent> dispatch() {
        var event = data.isEmpty()
                ? Optional.<JobEvent>empty()
                : Optional.of(new JobEvent(id, name, HoldfastClient.tree(data.toString())));
        data.setLength(0);
        name = "message";
        return event;
    }
}
