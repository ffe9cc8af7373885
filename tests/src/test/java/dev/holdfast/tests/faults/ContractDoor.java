package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tests.RawHttp;
import dev.holdfast.tests.faults.OpenApi.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the document says that any request may be refused with, tried with every operation: over plain sockets, since
 * HTTP clients would not send such requests.
 */
final class ContractDoor {

    private static final Duration SOON = Duration.ofSeconds(15);

    private final Contract contract;
    private final List<String> faults = new ArrayList<>();

    ContractDoor(Contract contract) {
        this.contract = contract;
    }

    /** Says what was not answered as documented. */
    List<String> all() throws IOException {
        var waiting = new ArrayList<Waiting>();
        for (var operation : contract.operations()) {
            for (var status : contract.refusals(operation)) {
                waiting.add(new Waiting(operation, status, ask(operation, status)));
            }
        }
        assertThat(waiting).isNotEmpty();
        for (var one : waiting) judge(one);
        System.out.printf("contract: %d refusals reached%n", waiting.size());
        return faults;
    }

    /** A request that was sent, all before the first is waited for: some of them are refused after a time only. */
    private record Waiting(Operation operation, int status, RawHttp connection) {}

    private RawHttp ask(Operation operation, int status) throws IOException {
        var target = operation.path().replaceAll("\\{[^}]*}", "x");
        return new RawHttp(contract.house.house.stack.url())
                .send(
                        switch (status) {
                            case 400 -> request(operation, target + "?%zz", "") + "\r\n";
                            case 406 -> request(operation, target, "Accept: image/png\r\n") + "\r\n";
                            case 408 -> request(operation, target, "X-Slow: ");
                            case 413 ->
                                request(operation, target, "Expect: 100-continue\r\nContent-Length: 300000\r\n")
                                        + "\r\n";
                            case 414 -> request(operation, target + "?x=" + "x".repeat(9_000), "") + "\r\n";
                            case 415 -> request(operation, target, "Content-Encoding: gzip\r\n") + "\r\n";
                            case 417 -> request(operation, target, "Expect: a miracle\r\n") + "\r\n";
                            case 431 -> request(operation, target, "X-Many: x\r\n".repeat(101)) + "\r\n";
                            default -> throw new AssertionError("say which request is refused with " + status);
                        });
    }

    private String request(Operation operation, String target, String headers) {
        return "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s%s"
                .formatted(
                        operation.method(),
                        target,
                        contract.house.house.stack.apiKey(),
                        operation.hasBody() ? "Content-Type: application/json\r\n" : "",
                        headers);
    }

    private void judge(Waiting one) throws IOException {
        try (var connection = one.connection()) {
            var answer = connection.read(SOON).orElseThrow(() -> new AssertionError("closed on " + one));
            if (answer.status() != one.status()) {
                faults.add("%s answered %d, not %d: %s"
                        .formatted(one.operation(), answer.status(), one.status(), answer.body()));
            }
            faults.addAll(contract.faults(one.operation(), answer));
        }
    }
}
