package dev.holdfast.tests.faults;

import java.util.Map;

/** What leads to the answers of schedules that are their own. */
final class ContractSchedules {

    private final Contract contract;

    ContractSchedules(Contract contract) {
        this.contract = contract;
    }

    /** A schedule that does not fire while the test runs, unless it is run on a first of January. */
    static String body(String name) {
        return """
                {"name": "%1$s", "cron": "0 0 1 1 *", "job": {"type": "registration",
                 "payload": {"username": "%1$s", "email": "%1$s@example.org"}}}""".formatted(name);
    }

    void all() {
        var yearly = body("contract-yearly");
        var created = contract.call("createSchedule", 201, yearly);
        contract.call("createSchedule", 200, yearly);
        contract.call("createSchedule", 409, yearly.replace("0 0 1 1 *", "0 0 2 1 *"));
        contract.call("listSchedules", 200, "");
        var id = Map.of("id", created.body().path("id").asText());
        contract.call("getSchedule", 200, id, "");
        contract.call("replaceSchedule", 200, id, yearly.replace("0 0 1 1 *", "0 0 2 1 *"));
        contract.call("replaceSchedule", 400, id, "{");
        contract.call("replaceSchedule", 422, id, "{\"nonsense\": 1}");
        contract.call("pauseSchedule", 200, id, "");
        contract.call("resumeSchedule", 200, id, "");
        var run = contract.call("runSchedule", 202, id, "", "Idempotency-Key", "contract-run");
        contract.api.await(run.body().path("id").asText());
        contract.call("runSchedule", 200, id, "", "Idempotency-Key", "contract-run");
        contract.call("runSchedule", 422, id, "", "Idempotency-Key", "k".repeat(200));
        contract.call("deleteSchedule", 204, id, "");
    }
}
