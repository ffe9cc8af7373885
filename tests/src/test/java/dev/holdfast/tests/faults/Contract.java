package dev.holdfast.tests.faults;

import dev.holdfast.tests.Api;
import dev.holdfast.tests.Api.Answer;
import dev.holdfast.tests.RawHttp;
import dev.holdfast.tests.faults.OpenApi.Operation;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes requests, and notes which of the documented statuses were reached, and which answers are not as documented. */
final class Contract {

    final FaultHouse house;
    final Api api;
    private final OpenApi document;
    private final Map<String, Operation> operations;
    private final Set<String> reached = new TreeSet<>();
    private final List<String> faults = new ArrayList<>();

    Contract(FaultHouse house) {
        this.house = house;
        this.api = house.house.api;
        this.document =
                new OpenApi(api.get("/openapi", "Accept", "application/json").body());
        this.operations = document.operations().stream().collect(Collectors.toMap(Operation::id, Function.identity()));
    }

    /** The statuses that a request for this operation may be refused with before it gets there. */
    Set<Integer> refusals(Operation operation) {
        return document.refusals(operation);
    }

    /** How a refusal differs from what is documented. */
    List<String> faults(Operation operation, RawHttp.Answer refusal) {
        return document.faults(operation, refusal);
    }

    Collection<Operation> operations() {
        return operations.values();
    }

    /** Statuses that were reached, each with its operation. */
    Set<String> reached() {
        return reached;
    }

    /** Statuses that are documented, each with its operation, and were not reached. */
    Set<String> missing() {
        var missing = new TreeSet<String>();
        for (var operation : operations.values()) {
            for (var status : operation.statuses()) missing.add(operation + " " + status);
        }
        missing.removeAll(reached);
        return missing;
    }

    List<String> faults() {
        return faults;
    }

    /** A request that is to be answered with that status. {@code headers} are names and values in turn. */
    Answer call(String operation, int status, String body, String... headers) {
        return call(operation, status, Map.of(), body, headers);
    }

    /** The same for an operation with parameters in its path. */
    Answer call(String operation, int status, Map<String, String> path, String body, String... headers) {
        var known = operation(operation);
        return expect(known, status, api, target(known, path), body, headers);
    }

    /** The same for an operation with a query. */
    Answer query(String operation, int status, String query) {
        var known = operation(operation);
        return expect(known, status, api, known.path() + "?" + query, "");
    }

    Answer expect(Operation operation, int status, Api as, String target, String body, String... headers) {
        var answer = send(operation, as, target, body, headers);
        if (answer.status() != status) {
            faults.add("%s answered %d, not %d: %s"
                    .formatted(
                            operation,
                            answer.status(),
                            status,
                            answer.response().body()));
        }
        return answer;
    }

    Answer send(Operation operation, Api as, String target, String body, String... headers) {
        var request = as.request(target).method(operation.method(), BodyPublishers.ofString(body));
        if (operation.hasBody()) request.setHeader("Content-Type", "application/json");
        var answer = as.send(request, headers);
        reached.add(operation + " " + answer.status());
        faults.addAll(document.faults(operation, answer));
        return answer;
    }

    static String target(Operation operation, Map<String, String> path) {
        var target = operation.path();
        for (var entry : path.entrySet()) target = target.replace("{" + entry.getKey() + "}", entry.getValue());
        return target;
    }

    private Operation operation(String id) {
        var operation = operations.get(id);
        if (operation == null) throw new AssertionError("there is no operation " + id);
        return operation;
    }
}
