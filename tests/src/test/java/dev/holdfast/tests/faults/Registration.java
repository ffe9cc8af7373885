package dev.holdfast.tests.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client asks for in fault tests: a user of whom there is only one.
 *
 * @param attributes stored with the user; a {@link ProbeWorker} reads its instructions there
 * @param told who is told that the job has succeeded, beside the user
 * @param options of the job, such as {@code maxAttempts}
 */
record Registration(
        String username, String email, Map<String, String> attributes, List<String> told, Map<String, Object> options) {

    private static final ObjectMapper JSON = new ObjectMapper();

    Registration {
        attributes = Map.copyOf(attributes);
        told = List.copyOf(told);
        options = Map.copyOf(options);
    }

    /** A user of that name, whose address belongs to that name alone. */
    static Registration of(String username) {
        return new Registration(username, username + "@faults.example", Map.of(), List.of(), Map.of());
    }

    /** The same asked for another user. */
    Registration named(String other) {
        return new Registration(other, other + "@faults.example", attributes, told, options);
    }

    Registration with(String attribute, Object value) {
        var more = new LinkedHashMap<>(attributes);
        more.put(attribute, value.toString());
        return new Registration(username, email, more, told, options);
    }

    Registration withOption(String name, Object value) {
        var more = new LinkedHashMap<>(options);
        more.put(name, value);
        return new Registration(username, email, attributes, told, more);
    }

    Registration telling(String address) {
        var more = new ArrayList<>(told);
        more.add(address);
        return new Registration(username, email, attributes, more, options);
    }

    /** Everybody who gets a mail when the job has succeeded. */
    List<String> audience() {
        var audience = new ArrayList<>(told);
        audience.add(email);
        return audience;
    }

    String json() {
        var job = JSON.createObjectNode().put("type", "registration");
        job.putObject("payload")
                .put("username", username)
                .put("email", email)
                .set("attributes", JSON.valueToTree(attributes));
        options.forEach((name, value) -> job.set(name, JSON.valueToTree(value)));
        if (!told.isEmpty()) {
            var notify = job.putObject("notify");
            notify.set("email", JSON.valueToTree(told));
            notify.putArray("on").add("succeeded");
        }
        return job.toString();
    }
}
