package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Phone numbers as recipients, told through SNS. */
class TextMessagesIT {

    private final House house = House.shared();
    private final Tenant tenant = Tenant.in(house);
    private final String numbers = "+49" + ThreadLocalRandom.current().nextInt(10_000_000, 100_000_000);

    @Test
    void numberIsToldOnceHowTheJobEnded() {
        // when
        var job = submit("ada", "\"notify\": {\"sms\": [\"%s\"]}, ".formatted(number(1)));

        // then
        var text = house.mailbox.await(number(1), 1).getFirst();
        assertThat(text.path("text").asText()).isEqualTo("Holdfast: Succeeded: registration " + job.substring(0, 8));
        assertThat(text.path("headers").toString())
                .contains("{\"name\":\"AWS.SNS.SMS.SMSType\",\"value\":\"Transactional\"}");
        awaitStates(job, number(1), "sent");
        assertThat(shown(job, number(1)).path("messageId").asText())
                .isEqualTo(text.path("id").asText());
        assertThat(shown(job, number(1)).path("mail").asText()).isEqualTo("job-succeeded");
    }

    @Test
    void tenantsSettingsNameNumbersToo() {
        // given
        var asked = """
                {"language": "zh-CN", "brand": {"name": "Acme", "colour": "#0a6b50"}, "alerts": ["%s", "ops@example.org"],
                 "defaults": {"sms": ["%s"], "on": ["failed"]}}""".formatted(number(1), number(2));
        assertThat(tenant.settings(asked).status()).isEqualTo(200);
        var settings = tenant.api().get("/v1/notification-settings").body();
        assertThat(settings.path("defaults").path("sms").get(0).asText()).isEqualTo(number(2));
        assertThat(settings.path("alerts").get(0).asText()).isEqualTo(number(1));
        submit("twice", "");

        // when
        var job = submit("twice", "");

        // then
        assertThat(house.mailbox.await(number(2), 1).getFirst().path("text").asText())
                .isEqualTo("Acme: 失败：registration %s（email-taken）".formatted(job.substring(0, 8)));
        var nobody = submit("twice", "\"notify\": {\"sms\": []}, ");
        assertThat(notifications(nobody))
                .noneMatch(item -> item.path("recipient").asText().equals(number(2)));
    }

    @Test
    void whatATenantMaySendADayIsKept() {
        var four = Stream.of(1, 2, 3, 4).map(this::number).toList();

        var job = submit(
                "many", four.stream().collect(Collectors.joining("\", \"", "\"notify\": {\"sms\": [\"", "\"]}, ")));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(states(job, four)).containsOnly("sent", "refused"));
        assertThat(states(job, four)).filteredOn("sent"::equals).hasSize(3);
        assertThat(four.stream()
                        .mapToInt(number -> house.mailbox.to(number).size())
                        .sum())
                .isEqualTo(3);
        assertThat(four.stream().map(number -> shown(job, number).path("reason").asText()))
                .anyMatch(reason -> reason.contains("holdfast.sms.per-day"));
    }

    @Test
    void throttledMessageIsSentAfterAWhile() {
        house.mailbox.faults("{\"throttleNext\": 1}");

        var job = submit("slow", "\"notify\": {\"sms\": [\"%s\"]}, ".formatted(number(1)));

        awaitStates(job, number(1), "sent");
        assertThat(house.mailbox.to(number(1))).hasSize(1);
    }

    @Test
    void numbersThatMayNotBeToldAreRefusedByName() {
        var elsewhere = post(house.api, "\"+491701234567\", \"+33123456789\"");
        var malformed = post(house.api, "\"0170 1234567\"");
        var switchedOff = post(StrictDoor.house().api, "\"+491701234567\"");
        var alerts = tenant.settings("{\"alerts\": [\"+33123456789\"], \"defaults\": {\"on\": [\"failed\"]}}");

        assertThat(elsewhere.status()).isEqualTo(422);
        assertThat(elsewhere.pointers()).containsExactly("/notify/sms/1");
        assertThat(elsewhere.body().toString()).contains("+49, +1");
        assertThat(malformed.pointers()).containsExactly("/notify/sms/0");
        assertThat(switchedOff.status()).isEqualTo(422);
        assertThat(switchedOff.pointers()).containsExactly("/notify/sms/0");
        assertThat(switchedOff.body().toString()).contains("holdfast.sms.enabled");
        assertThat(alerts.pointers()).containsExactlyInAnyOrder("/alerts/0", "/defaults/email");
    }

    private static Api.Answer post(Api api, String numbers) {
        return api.post("/v1/jobs", """
                {"type": "registration", "payload": {"username": "ada", "email": "ada@example.org"}, "notify": {"sms": [%s]}}""".formatted(numbers));
    }

    private String number(int which) {
        return numbers + which;
    }

    private String submit(String name, String notify) {
        var job = tenant.api().run("""
                {%s"type": "registration", "payload": {"username": "%s-%s", "email": "%s-%s@example.org"}}""".formatted(notify, name, tenant.name(), name, tenant.name()));
        return job.path("id").asText();
    }

    private List<JsonNode> notifications(String job) {
        return List.copyOf(tenant.api()
                .get("/v1/notifications?job=" + job)
                .body()
                .path("items")
                .findParents("recipient"));
    }

    private JsonNode shown(String job, String recipient) {
        return notifications(job).stream()
                .filter(item -> item.path("recipient").asText().equals(recipient))
                .findFirst()
                .orElseThrow();
    }

    private List<String> states(String job, List<String> recipients) {
        return notifications(job).stream()
                .filter(item -> recipients.contains(item.path("recipient").asText()))
                .map(item -> item.path("state").asText())
                .toList();
    }

    private void awaitStates(String job, String recipient, String... states) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(states(job, List.of(recipient))).containsExactly(states));
    }
}
