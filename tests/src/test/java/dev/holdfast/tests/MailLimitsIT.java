package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Storms, missed schedules, the limits of SES and a bad reputation, in a house in which an hour is a few seconds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailLimitsIT {

    private static final String USUAL = """
            {"maxSendRate": 0, "throttlePercent": 0, "dailyQuota": 10000000, "sandbox": false}""";

    private static final int BURST = 5;
    private static final Duration WINDOW =
            Duration.ofSeconds(5); // slow machines need two or three for the jobs of a burst

    private House house;

    @BeforeAll
    void start() {
        house = House.start(options -> options.withWorkers(1)
                .with("HOLDFAST_NOTIFY_REPEAT_WINDOW", "4s")
                .with("HOLDFAST_NOTIFY_BURST", String.valueOf(BURST))
                .with("HOLDFAST_NOTIFY_BURST_WINDOW", WINDOW.toString())
                .with("HOLDFAST_NOTIFY_EVERY", "1s")
                .with("HOLDFAST_NOTIFY_HELD_FOR", "1s")
                .with("HOLDFAST_NOTIFY_STOP_SAMPLE", "3")
                .with("HOLDFAST_SCHEDULES_OVERDUE_EVERY", "1s"));
    }

    @AfterEach
    void heal() {
        house.mailbox.faults(USUAL);
    }

    @AfterAll
    void stop() {
        house.close();
    }

    @Test
    void sameFailureOfOneScheduleIsOneMailAndThenOneWithACount() {
        var tenant = Tenant.in(house);
        register(tenant, "storm", "");

        for (var i = 0; i < 4; i++)
            register(tenant, "storm", told("storm", tenant, "\"labels\": {\"schedule\": \"nightly\"}, "));

        var mails = house.mailbox.await(address("storm", tenant), 2);
        assertThat(mails.get(1).path("subject").asText()).startsWith("Failed: registration");
        assertThat(mails.get(0).path("subject").asText()).isEqualTo("Failed 3 times: nightly (email-taken)");
        assertThat(states(tenant, "gathered"))
                .filteredOn(item -> item.path("recipient").asText().equals(address("storm", tenant)))
                .hasSize(3);
    }

    /** Where 25 jobs take longer than one window there are more of them, and as much more may be told. */
    @Test
    void burstIsToldByAFewMailsAndOneThatCountsTheRest() {
        var tenant = Tenant.in(house);
        register(tenant, "burst", "");

        var begun = Instant.now();
        var jobs = new ArrayList<String>();
        for (var i = 0; i < 25; i++) jobs.add(submit(tenant, "burst", told("burst", tenant, "")));

        jobs.forEach(tenant.api()::await);
        soon().untilAsserted(() -> assertThat(told(mailsOfBurst(tenant))).isEqualTo(25));
        var mails = mailsOfBurst(tenant);
        var counts = mails.stream().filter(MailLimitsIT::isCount).toList();
        var single = mails.stream().filter(mail -> !isCount(mail)).toList();
        System.out.printf("25 jobs were told by %d mails, and by %d that count%n", single.size(), counts.size());
        assertThat(single).hasSizeBetween(1, BURST * (1 + windows(begun, single)));
        assertThat(counts).hasSizeBetween(1, windows(begun, counts)); // each is told when its window is over
        assertThat(counts)
                .allSatisfy(mail -> assertThat(mail.path("text").asText())
                        .contains("registration FAILED email-taken: " + counted(mail)));
    }

    private List<JsonNode> mailsOfBurst(Tenant tenant) {
        return house.mailbox.to(address("burst", tenant));
    }

    /** Of how many jobs these mails tell. */
    private static int told(List<JsonNode> mails) {
        return mails.stream()
                .mapToInt(mail -> isCount(mail) ? counted(mail) : 1)
                .sum();
    }

    private static boolean isCount(JsonNode mail) {
        return mail.path("subject").asText().endsWith(" more jobs ended");
    }

    private static int counted(JsonNode mail) {
        var subject = mail.path("subject").asText();
        return Integer.parseInt(subject.substring(0, subject.indexOf(' ')));
    }

    /** How many whole windows were over when the last of these mails was sent. */
    private static int windows(Instant begun, List<JsonNode> mails) {
        var last = mails.stream()
                .map(mail -> Instant.parse(mail.path("at").asText()))
                .max(Comparator.naturalOrder())
                .orElse(begun);
        return (int) Duration.between(begun, last).dividedBy(WINDOW);
    }

    @Test
    void missedScheduleIsToldOnceAndSoIsItsRecovery() {
        var tenant = Tenant.in(house);
        var reader = address("watch", tenant);
        tenant.settings("{\"alerts\": [\"" + reader + "\"]}");

        var created = tenant.api().post("/v1/schedules", """
                {"name": "nightly", "every": "PT2S", "expectWithin": "PT1S", "job": {"type": "backup",
                 "payload": {"repository": "later", "source": {"kind": "inline", "name": "a", "contentBase64": "YQ=="}}}}""");
        assertThat(created.status()).isEqualTo(201);
        var missed = house.mailbox.await(reader, 1).getFirst();
        tenant.addRepository("later");

        var recovered = house.mailbox.await(reader, 2).getFirst();
        assertThat(missed.path("tags").path("mail").asText()).isIn("schedule-missed", "schedule-late");
        assertThat(recovered.path("tags").path("mail").asText()).isEqualTo("schedule-recovered");
        tenant.api().send(tenant.api().request(created.header("Location")).DELETE());
    }

    @Test
    void rateIsKeptAndThrottlingCostsNoAttempt() {
        var tenant = Tenant.in(house);
        house.mailbox.faults("{\"maxSendRate\": 14, \"throttlePercent\": 10}");
        soon().until(() -> metric("mail_rate") == 14);

        var begun = Instant.now();
        for (var i = 0; i < 70; i++) submit(tenant, "rate" + i, "");
        soon().until(() -> states(tenant, "delivered").size() == 70);

        var took = Duration.between(begun, Instant.now());
        System.out.printf("70 mails at 14/s with one in ten throttled took %d ms%n", took.toMillis());
        assertThat(took).as("no faster than SES allows").isGreaterThan(Duration.ofMillis(4_500));
        assertThat(metric("mails_throttled_total")).isPositive();
    }

    @Test
    void spentDailyQuotaIsWaitedForAndSeen() {
        var tenant = Tenant.in(house);
        house.mailbox.faults("{\"dailyQuota\": 2}");
        for (var i = 0; i < 4; i++) register(tenant, "quota" + i, "");

        soon().until(() -> metric("mail_blocked") == 1 && metric("mail_quota_remaining") == 0);
        assertThat(states(tenant, "delivered")).hasSizeLessThanOrEqualTo(2); // mails of other tests count too
        house.mailbox.faults("{\"dailyQuota\": 1000}");

        soon().until(() -> states(tenant, "delivered").size() == 4 && metric("mail_blocked") == 0);
    }

    @Test
    void sandboxIsExplained() {
        var tenant = Tenant.in(house);
        house.mailbox.faults("{\"sandbox\": true}");
        await().pollDelay(Duration.ofMillis(1500)).until(() -> true);

        register(tenant, "sandbox", "");

        soon().untilAsserted(() -> assertThat(states(tenant, "sending"))
                .extracting(item -> item.path("reason").asText())
                .anyMatch(reason -> reason.contains("not verified") && reason.contains("sandbox")));
        house.mailbox.faults("{\"sandbox\": false}");
        soon().until(() -> states(tenant, "delivered").size() == 1);
    }

    @Test
    void tenantWhoseMailsBounceIsStoppedAndNoOther() {
        var tenant = Tenant.in(house);
        for (var i = 0; i < 3; i++) {
            submit(
                    tenant,
                    "bad" + i,
                    "\"notify\": {\"email\": [\"bounce+" + tenant.name() + i + "@simulator.amazonses.com\"]}, ");
        }
        soon().until(() -> states(tenant, "bounced").size() == 3);
        soon().until(() -> {
            register(tenant, "after" + System.nanoTime(), "");
            return metric("mail_streams_stopped") == 1;
        });

        var other = Tenant.in(house);
        register(other, "other", "");
        soon().until(() -> states(other, "delivered").size() == 1);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60));
    }

    private String told(String name, Tenant tenant, String more) {
        return more + "\"notify\": {\"email\": [\"" + address(name, tenant) + "\"]}, ";
    }

    private static String address(String name, Tenant tenant) {
        return "reader-" + name + "-" + tenant.name() + "@example.org";
    }

    private static JsonNode register(Tenant tenant, String name, String more) {
        return tenant.api().await(submit(tenant, name, more));
    }

    private static String submit(Tenant tenant, String name, String more) {
        return tenant.api().submit("""
                {%s"type": "registration", "payload": {"username": "%s", "email": "%s-%s@example.org"}}""".formatted(more, name, name, tenant.name()));
    }

    private static List<JsonNode> states(Tenant tenant, String state) {
        return List.copyOf(tenant.api()
                .get("/v1/notifications?limit=100&state=" + state)
                .body()
                .path("items")
                .findParents("recipient"));
    }

    private double metric(String metric) {
        var page = new Api(house.stack.service("notify").url(), "none")
                .get("/q/metrics")
                .response()
                .body();
        return page.lines()
                .filter(line -> line.matches(metric + "(\\{.*)? .*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
