package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dynamo.Item;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RegistrationIT {

    private final House house = House.shared();

    @Test
    void registrationEndsInTableBucketAndMailbox() throws Exception {
        // when
        var job = house.api.run("""
                {"type": "registration",
                 "payload": {"username": "grace", "email": "Grace@Example.org", "attributes": {"plan": "pro"}},
                 "labels": {"team": "core"}}""");

        // then
        assertThat(job.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.path("attempt").asInt()).isEqualTo(1);
        assertThat(job.path("labels").path("team").asText()).isEqualTo("core");
        assertThat(job.path("history").findValuesAsText("state")).containsExactly("QUEUED", "RUNNING", "SUCCEEDED");
        var userId = job.path("result").path("userId").asText();
        try (var dynamo = Cloud.dynamo()) {
            var item = dynamo.getItem(
                            get -> get.tableName(house.table("user_data")).key(Item.key("user_id", userId)))
                    .item();
            assertThat(Item.of(item).text("username")).isEqualTo("grace");
            assertThat(Item.of(item).text("email")).isEqualTo("Grace@Example.org");
            assertThat(Instant.parse(Item.of(item).text("created_at"))).isBefore(Instant.now());
            assertThat(Item.of(item).number("version")).isEqualTo(1);
        }
        try (var s3 = Cloud.s3()) {
            var copy = s3.getObjectAsBytes(
                            get -> get.bucket(house.name).key("registrations/local/" + userId + "/v1.json"))
                    .asUtf8String();
            assertThat(copy).contains("\"user_id\":\"" + userId + "\"", "\"username\":\"grace\"", "\"plan\":\"pro\"");
            assertThat(copy).doesNotContain("secret");
        }
        var mail = house.mailbox.await("Grace@Example.org", 1).getFirst();
        assertThat(mail.path("subject").asText()).isEqualTo("Welcome, grace");
    }

    @Test
    void linkOfTheWelcomeMailConfirmsTheAddressAsOftenAsItIsOpened() {
        // given
        var job = house.api.run("""
                {"type": "registration", "payload": {"username": "hedy", "email": "hedy@example.org"}}""");
        var userId = job.path("result").path("userId").asText();
        assertThat(house.api.get("/v1/users/" + userId).body().path("status").asText())
                .isEqualTo("unconfirmed");
        var mail = house.mailbox.await("hedy@example.org", 1).getFirst();
        var link = Pattern.compile("/v1/users/confirm\\?token=[^\\s\"<]+")
                .matcher(mail.path("text").asText());
        assertThat(link.find()).isTrue();
        assertThat(mail.path("html").asText()).contains(link.group());

        // when
        var first = house.api.as("none").get(link.group());
        var second = house.api.as("none").get(link.group());
        var wrong = house.api.as("none").get(link.group() + "x");

        // then
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body().path("status").asText()).isEqualTo("confirmed");
        assertThat(second.status()).isEqualTo(200);
        assertThat(wrong.status()).isEqualTo(404);
        var user = house.api.get("/v1/users/" + userId).body();
        assertThat(user.path("status").asText()).isEqualTo("confirmed");
        assertThat(user.path("version").asInt()).isEqualTo(2);
    }

    @Test
    void takenAddressOrNameFailsAtOnceAndIsMailed() {
        // given
        house.api.run("""
                {"type": "registration", "payload": {"username": "joan", "email": "joan@example.org"}}""");

        // when
        var sameMail = house.api.run("""
                {"type": "registration", "payload": {"username": "joan2", "email": "JOAN@example.org"},
                 "notify": {"email": ["ops1@example.org"]}}""");
        var sameName = house.api.run("""
                {"type": "registration", "payload": {"username": "Joan", "email": "joan3@example.org"}}""");

        // then
        assertThat(sameMail.path("state").asText()).isEqualTo("FAILED");
        assertThat(sameMail.path("attempt").asInt()).isEqualTo(1);
        assertThat(sameMail.path("error").path("code").asText()).isEqualTo("email-taken");
        assertThat(sameMail.path("error").path("retryable").asBoolean()).isFalse();
        assertThat(sameName.path("error").path("code").asText()).isEqualTo("username-taken");
        var toOps = house.mailbox.await("ops1@example.org", 1).getFirst();
        assertThat(toOps.path("subject").asText()).contains("email-taken");
        assertThat(toOps.path("text").asText()).contains("already registered", "What to do");
        assertThat(house.mailbox
                        .await("joan@example.org", 2)
                        .getFirst()
                        .path("subject")
                        .asText())
                .as("the newest mail to the address, in whichever spelling")
                .contains("email-taken");
        assertThat(house.mailbox
                        .await("joan3@example.org", 1)
                        .getFirst()
                        .path("subject")
                        .asText())
                .contains("username-taken");
    }
}
