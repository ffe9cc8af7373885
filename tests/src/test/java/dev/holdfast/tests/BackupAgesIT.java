package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The metric by which a plan whose backups stopped is noticed. */
class BackupAgesIT {

    private final House house = House.shared();
    private final Tenant tenant = Tenant.withRepository(house);

    @Test
    void planShowsTheAgeOfItsLastBackupAndItsInterval() {
        // given: asked for at noon of each day, and never yet
        var schedule = tenant.api().post("/v1/schedules", """
                {"name": "home", "cron": "0 12 * * *",
                 "job": {"type": "backup", "payload": {"repository": "default",
                         "source": {"kind": "inline", "name": "a.txt", "contentBase64": "YQ=="}}}}""");
        assertThat(schedule.status()).isEqualTo(201);
        tenant.api().post("/v1/schedules", """
                {"name": "other", "cron": "0 12 * * *",
                 "job": {"type": "check", "payload": {"repository": "default", "readData": "none"}}}""");
        await().untilAsserted(() ->
                assertThat(house.metric(metric("backup_interval_seconds"))).isEqualTo(86_400));
        awaitAge(3, 600);

        // when
        var run =
                tenant.api().post("/v1/schedules/" + schedule.body().path("id").asText() + "/run", "");
        assertThat(tenant.api()
                        .await(run.body().path("id").asText())
                        .path("state")
                        .asText())
                .isEqualTo("SUCCEEDED");

        // then
        awaitAge(0, 2.5);
        assertThat(house.metric(
                        "backup_age_seconds\\{[^}]*schedule=\"other\"[^}]*tenant=\"" + tenant.name() + "\"[^}]*\\}"))
                .isZero();
        tenant.api().delete("/v1/schedules/" + schedule.body().path("id").asText());
    }

    private void awaitAge(double from, double to) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() ->
                        assertThat(house.metric(metric("backup_age_seconds"))).isBetween(from, to));
    }

    private String metric(String name) {
        return name + "\\{schedule=\"home\",tenant=\"" + tenant.name() + "\"\\}";
    }
}
