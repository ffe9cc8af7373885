package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who is mailed, who is not, and what is known of it. */
class NotificationsIT {

    private final House house = House.shared();
    private final Tenant tenant = Tenant.in(house);

    @Test
    void stateOfAMailIsSeenAtItsJobAndByItsTenantAlone() {
        // when
        var job = register("seen", reader("seen"));

        // then
        awaitState(job, reader("seen"), "delivered");
        awaitState(job, user("seen"), "delivered");
        var shown = notifications(job).stream()
                .filter(item -> item.path("recipient").asText().equals(reader("seen")))
                .findFirst()
                .orElseThrow();
        assertThat(shown.path("job").asText()).isEqualTo(job);
        assertThat(shown.path("mail").asText()).isEqualTo("job-succeeded");
        assertThat(shown.path("messageId").asText()).isNotEmpty();
        var stranger = Tenant.in(house);
        assertThat(stranger.api().get("/v1/notifications?job=" + job).body().path("items"))
                .isEmpty();
        assertThat(stranger.api().get("/v1/notifications").body().path("items")).isEmpty();
        var mine = tenant.api().get("/v1/notifications?state=delivered&limit=1").body();
        assertThat(mine.path("items")).hasSize(1);
        var next = tenant.api()
                .get("/v1/notifications?state=delivered&limit=1&cursor="
                        + mine.path("nextCursor").asText());
        assertThat(next.body().path("items").get(0))
                .isNotEqualTo(mine.path("items").get(0));
        assertThat(tenant.api().get("/v1/notifications?state=lost").status()).isEqualTo(422);
    }

    @Test
    void addressThatBouncesIsNotMailedAgainUntilItIsReleased() {
        // given
        var job = register("bouncing", reader("bouncing"));
        awaitState(job, reader("bouncing"), "delivered");

        // when
        house.mailbox.tell(house.mailbox.await(reader("bouncing"), 1).getFirst(), "bounce");

        // then
        awaitState(job, reader("bouncing"), "bounced");
        var second = register("bouncing2", reader("bouncing"));
        awaitState(second, reader("bouncing"), "suppressed");
        assertThat(house.mailbox.to(reader("bouncing"))).hasSize(1);
        var released = house.api.send(house.api
                .request("/v1/suppressed-addresses/" + reader("bouncing"))
                .DELETE());
        assertThat(released.status()).isEqualTo(204);
        register("bouncing3", reader("bouncing"));
        house.mailbox.await(reader("bouncing"), 2);
    }

    @Test
    void complaintSuppressesAddressAfterDelivery() {
        // given
        var job = register("complaining", reader("complaining"));
        awaitState(job, reader("complaining"), "delivered");

        // when
        house.mailbox.tell(house.mailbox.await(reader("complaining"), 1).getFirst(), "complaint");

        // then
        awaitState(job, reader("complaining"), "complained");
        var second = register("complaining2", reader("complaining"));
        awaitState(second, reader("complaining"), "suppressed");
        assertThat(reasons(second)).anyMatch(reason -> reason.contains("complaint"));
    }

    @Test
    void oneClickUnsubscribesAndOpeningTheLinkDoesNot() {
        // given
        var job = register("leaving", reader("leaving"));
        awaitState(job, reader("leaving"), "delivered");
        var mail = house.mailbox.await(reader("leaving"), 1).getFirst();
        var link = Pattern.compile("/v1/unsubscribe\\?reader=[^>\\s]+")
                .matcher(mail.path("headers").toString());
        assertThat(link.find()).isTrue();
        var path = link.group().replaceAll("[\"}].*", "");
        var anybody = house.api.as("none");

        // when
        assertThat(anybody.get(path).status()).isEqualTo(200);
        awaitState(register("leaving2", reader("leaving")), reader("leaving"), "delivered");
        var clicked = anybody.send(anybody.request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click")));

        // then
        assertThat(clicked.status()).isEqualTo(200);
        assertThat(clicked.response().body()).contains(reader("leaving")).contains("no more mails");
        var after = register("leaving3", reader("leaving"));
        awaitState(after, reader("leaving"), "suppressed");
        assertThat(reasons(after)).contains("the reader has unsubscribed");
        assertThat(house.mailbox.to(reader("leaving"))).hasSize(2);
        for (var forged : List.of(path + "x", path.replace("reader=", "reader=A"), path.replaceAll("\\..*", ".AAAA"))) {
            var answer = anybody.send(anybody.request(forged).POST(BodyPublishers.noBody()));
            assertThat(answer.status()).as(forged).isEqualTo(404);
        }
    }

    @Test
    void jobsThatNameNobodyTellWhomTheTenantNames() {
        // given
        var defaults = """
                {"defaults": {"email": ["%s"], "on": ["failed"]}}""".formatted(reader("default"));
        assertThat(tenant.settings(defaults).status()).isEqualTo(200);
        register("taken", reader("other"));

        // when
        var nobody = submit("taken", "\"notify\": {\"email\": []}, ");
        var named = submit("taken", "\"notify\": {\"email\": [\"" + reader("named") + "\"]}, ");
        var unnamed = submit("taken", "");

        // then
        awaitState(unnamed, reader("default"), "delivered");
        awaitState(named, reader("named"), "delivered");
        assertThat(house.mailbox.await(reader("default"), 1)).hasSize(1);
        assertThat(notifications(nobody))
                .extracting(item -> item.path("recipient").asText())
                .containsOnly(user("taken"));
        assertThat(tenant.api()
                        .get("/v1/notification-settings")
                        .body()
                        .path("defaults")
                        .path("on"))
                .hasSize(1);
    }

    @Test
    void tenantIsWarnedOnceBeforeItsQuotaIsUsedUp() {
        // given
        var limited = Tenant.withQuotas(house, "{\"bytesPerDay\": 1000}");
        var warned = reader("quota-" + limited.name());
        limited.settings("{\"alerts\": [\"" + warned + "\"]}");

        // when
        for (var size : List.of(790, 20, 20)) {
            var upload = limited.api().post("/v1/uploads", "{\"name\": \"a\", \"size\": " + size + "}");
            assertThat(upload.status()).isEqualTo(201);
        }

        // then
        var mail = house.mailbox.await(warned, 1).getFirst();
        assertThat(mail.path("tags").path("mail").asText()).isEqualTo("quota-warning");
        assertThat(mail.path("subject").asText()).contains("bytes");
    }

    @Test
    void settingsThatCannotBeAreRefusedByName() {
        var refused = tenant.settings("""
                {"brand": {"name": "Acme", "colour": "#12345"}, "alerts": ["nobody"]}""");
        var subjects = tenant.settings("""
                {"subjects": {"job-failed": "{type} of {nobody}", "no-mail": "x", "digest": "a\\nb"},
                 "digest": {"every": "day", "timezone": "Mars/Base", "email": ["a@example.org"]}}""");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.pointers()).containsExactlyInAnyOrder("/brand/colour", "/alerts/0");
        assertThat(subjects.status()).isEqualTo(422);
        assertThat(subjects.pointers())
                .containsExactlyInAnyOrder(
                        "/subjects/job-failed", "/subjects/no-mail", "/subjects/digest", "/digest/timezone");
    }

    private String user(String name) {
        return name + "-" + tenant.name() + "@example.org";
    }

    private String reader(String name) {
        return "reader-" + user(name);
    }

    private String register(String name, String reader) {
        return submit(name, "\"notify\": {\"email\": [\"" + reader + "\"]}, ");
    }

    private String submit(String name, String notify) {
        var job = tenant.api().run("""
                {%s"type": "registration", "payload": {"username": "%s-%s", "email": "%s"}}""".formatted(notify, name, tenant.name(), user(name)));
        return job.path("id").asText();
    }

    private List<JsonNode> notifications(String job) {
        return List.copyOf(tenant.api()
                .get("/v1/notifications?job=" + job)
                .body()
                .path("items")
                .findParents("recipient"));
    }

    private List<String> reasons(String job) {
        return notifications(job).stream()
                .map(item -> item.path("reason").asText())
                .toList();
    }

    private void awaitState(String job, String recipient, String state) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(notifications(job))
                        .filteredOn(item -> item.path("recipient").asText().equals(recipient))
                        .extracting(item -> item.path("state").asText())
                        .containsExactly(state));
    }
}
