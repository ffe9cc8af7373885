package dev.holdfast.tests;

import static dev.holdfast.tests.Schedules.PATH;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is no schedule is refused, each fault by its place. */
class ScheduleFaultsIT {

    private final Schedules schedules = new Schedules();
    private final Api api = schedules.api;

    @AfterEach
    void deleteSchedules() {
        schedules.close();
    }

    @Test
    void everyFaultNamesItsField() {
        invalid("{}", "/name", "/job");
        invalid(schedules.body(""), "/cron");
        invalid(schedules.body("\"cron\": \"@daily\", \"every\": \"PT1M\""), "/every");
        for (var cron : List.of("", "* * * *", "61 * * * *", "0 0 30 2 *", "@never", "1-2/ * * * *", "*/0 * * * *")) {
            invalid(schedules.body("\"cron\": \"" + cron + "\""), "/cron");
        }
        for (var every :
                List.of("PT0S", "PT0.5S", "PT1.0005S", "-PT5M", "5m", "P1Y", "P367D", "PT99999999999999999H")) {
            invalid(schedules.body("\"every\": \"" + every + "\""), "/every");
            invalid(schedules.body("\"every\": \"PT1H\", \"expectWithin\": \"" + every + "\""), "/expectWithin");
        }
        for (var zone : List.of("", "Mars/Base", "+02:00", "../UTC")) {
            invalid(schedules.body("\"cron\": \"@daily\", \"timezone\": \"" + zone + "\""), "/timezone");
        }
        invalid(schedules.body("\"cron\": 5"), "/cron");
        invalid(schedules.body("\"cron\": \"@daily\", \"catchUp\": \"some\""), "/catchUp");
        invalid(schedules.body("\"cron\": \"@daily\", \"overlap\": \"no\""), "/overlap");
        invalid(schedules.body("\"cron\": \"@daily\", \"enabled\": true"), "/enabled");
        invalid(schedules.body("\"cron\": \"@daily\"").replace(schedules.name, " x"), "/name");
        invalid(schedules.body("\"cron\": \"@daily\"").replace(schedules.name, "x".repeat(101)), "/name");
        assertThat(api.post(PATH, "{").status()).isEqualTo(400);
        assertThat(api.post(PATH, "{}", "Content-Type", "text/plain").status()).isEqualTo(415);
        assertThat(api.post(PATH, "x".repeat(300_000)).status()).isEqualTo(413);
        for (var query : List.of("?limit=0", "?limit=101", "?limit=x", "?cursor=x")) {
            var answer = api.get(PATH + query);
            assertThat(answer.status()).as(query).isEqualTo(422);
            assertThat(answer.body().path("type").asText()).isEqualTo("/problems/invalid-parameter");
        }
    }

    @Test
    void everyFaultOfTheJobIsNamedBelowIt() {
        invalid(withJob("{\"payload\": {}}"), "/job/type");
        invalid(withJob("{\"type\": \"nope\", \"payload\": {}}"), "/job/type");
        invalid(withJob("{\"type\": \"registration\", \"payload\": {\"username\": \"x\"}}"), "/job/payload/email");
        invalid(withJob(schedules.job().replace("}}", "}, \"no\": 1}")), "/job/no");
        invalid(withJob(schedules.job().replace("}}", "}, \"maxAttempts\": 0}")), "/job/maxAttempts");
        invalid(
                withJob(schedules.job().replace("}}", "}, \"notBefore\": \"2099-01-01T00:00:00Z\"}")),
                "/job/notBefore");
        invalid(withJob(schedules.job().replace("}}", "}, \"deadline\": \"2099-01-01T00:00:00Z\"}")), "/job/deadline");
        invalid(withJob(schedules.job().replace("team", "schedule")), "/job/labels/schedule");
        invalid(withJob("5"), "/job");
        invalid(
                "{\"name\": \"x\", \"cron\": \"61 * * * *\", \"timezone\": \"Mars\", \"job\": {\"type\": \"nope\", \"payload\": {}}}",
                "/job/type",
                "/timezone",
                "/cron");
    }

    private static String withJob(String job) {
        return "{\"name\": \"x\", \"cron\": \"@daily\", \"job\": %s}".formatted(job);
    }

    private void invalid(String json, String... pointers) {
        var answer = api.post(PATH, json);
        assertThat(answer.status()).as(json).isEqualTo(422);
        assertThat(answer.body().path("type").asText()).as(json).isEqualTo("/problems/invalid-request");
        assertThat(answer.pointers()).as(json).containsExactlyInAnyOrder(pointers);
    }
}
