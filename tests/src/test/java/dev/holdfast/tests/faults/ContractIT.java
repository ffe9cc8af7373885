package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.StackOptions;
import dev.holdfast.tests.Api;
import dev.holdfast.tests.faults.OpenApi.Operation;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Walks the OpenAPI document: every status that an operation documents is reached once by a real request, every answer
 * is documented, and fits its schema.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractIT {

    private static final String NOTHING = "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6";

    /** Values for the parameters of paths that name nothing. */
    private static final Map<String, String> NO_SUCH = Map.of(
            "id", NOTHING, "userId", NOTHING, "name", "nothing", "tenant", "nobody", "address", "nobody@example.org");

    private static final int MANY = 50;

    /** What fails only where the key must be looked up; a batch tells an outage item by item. */
    private static final Set<String> NO_CALLS = Set.of("listJobTypes", "submitJobs");

    private FaultHouse house;
    private Contract contract;
    private Api stranger;
    private Api hasty;

    @BeforeAll
    void start() {
        house = FaultHouse.start(ContractIT::configured);
        contract = new Contract(house);
        hasty = contract.api.as(house.house.key("hasty", "jobs:read", "jobs:write", "admin"));
        stranger = contract.api.as(house.house.key("stranger", "admin"));
        contract.call("setQuotas", 200, Map.of("tenant", "hasty"), "{\"requestsPerSecond\": 1}");
        contract.call("suspendTenant", 200, Map.of("tenant", "stranger"), "");
    }

    private static StackOptions configured(StackOptions options) {
        return options.withWorkers(1)
                .with("HOLDFAST_HTTP_WAITING_PER_TENANT", "1")
                .with("HOLDFAST_HTTP_HEADER_TIMEOUT", "3s");
    }

    @AfterAll
    void stop() {
        house.close();
    }

    @Test
    void everyDocumentedStatusIsReachedAndEveryAnswerIsDocumented() throws Exception {
        var scenarios = new ContractScenarios(contract);
        scenarios.jobs();
        scenarios.deadLetters();
        scenarios.uploadsAndUsers();
        scenarios.notifications();
        new ContractAdmin(contract).all();
        new ContractSchedules(contract).all();
        new ContractRepositories(contract).all();
        new ContractWebhooks(contract).all();
        contract.operations().forEach(this::refusals);
        contract.operations().forEach(this::haste);
        for (var operation : contract.operations()) outage(operation, scenarios.links());

        System.out.printf(
                "contract: %d operations, %d statuses reached%n",
                contract.operations().size(), contract.reached().size());
        assertThat(contract.faults()).isEmpty();
        assertThat(contract.missing()).as("documented, and never answered").isEmpty();
    }

    /** Those are documented once for all operations; any other answer of an operation is its own. */
    @Test
    void everyOperationRefusesAsIsDocumentedForAll() throws IOException {
        assertThat(contract.operations())
                .allSatisfy(
                        operation -> assertThat(contract.refusals(operation)).isNotEmpty());
        assertThat(new ContractDoor(contract).all()).isEmpty();
    }

    private static String noSuch(Operation operation) {
        var keys = operation.path().startsWith("/v1/admin/keys/");
        return Contract.target(operation, keys ? Map.of("id", "hf_nothing0") : NO_SUCH);
    }

    /** What every operation refuses for the same reasons. */
    private void refusals(Operation operation) {
        var body = operation.hasBody() ? ContractScenarios.bodyOf(operation) : "";
        refuse(operation, 401, contract.api.as("hf_nobodys_key"), body);
        refuse(operation, 403, stranger, body);
        if (operation.path().contains("{")) refuse(operation, 404, contract.api, body);
        refuse(operation, 400, contract.api, "{");
        refuse(operation, 413, contract.api, " ".repeat(300_000) + body);
        refuse(operation, 415, contract.api, body, "Content-Type", "text/plain");
        var wrong = operation.hasBody() ? "{\"nonsense\": 1}" : "";
        refuse(operation, 422, contract.api, wrong, "Last-Event-ID", "x");
    }

    /** The tenant of which there may be one request a second is refused before anything is looked at. */
    private void haste(Operation operation) {
        if (contract.reached().contains(operation + " 429")
                || !operation.statuses().contains(429)) return;
        for (var i = 0; i < MANY; i++) {
            var answer = contract.send(operation, hasty, noSuch(operation), operation.hasBody() ? "{" : "");
            if (answer.status() == 429) return;
        }
    }

    private void refuse(Operation operation, int status, Api as, String body, String... headers) {
        var known = contract.reached().contains(operation + " " + status);
        if (known || !operation.statuses().contains(status)) return;
        var query = status == 422 ? "?limit=0&wait=never&lane=slow" : "";
        contract.expect(operation, status, as, noSuch(operation) + query, body, headers);
    }

    /** Nothing is promised while a table or a queue is away. */
    private void outage(Operation operation, String links) {
        if (!operation.statuses().contains(503)) return;
        house.of("ingest").all().forEach(proxy -> proxy.arm(Rule.onAny().then(new Fault.ServerError())));
        var as = NO_CALLS.contains(operation.id()) ? contract.api.as("hf_unknown0_" + "k".repeat(43)) : contract.api;
        var body = operation.hasBody() ? ContractScenarios.bodyOf(operation) : "";
        var target = noSuch(operation) + "?lane=quick&" + links;
        contract.expect(operation, 503, as, target, body);
        house.heal();
    }
}
