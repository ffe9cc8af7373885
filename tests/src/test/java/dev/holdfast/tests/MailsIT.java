package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.dynamo.Item;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jsoup.parser.Parser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every mail there is, in both languages, brought about by what brings it about; kept below target/mails to look at.
 */
class MailsIT {

    private static final Instant TICK = Instant.parse("2026-11-27T02:30:00Z");

    private final House house = House.shared();
    private final Tenant tenant = Tenant.withRepository(house);
    private final String reader = "reader-" + tenant.name() + "@example.org";

    @ParameterizedTest
    @ValueSource(strings = {"en", "zh-CN"})
    void everyMailHoldsInEveryClient(String language) throws Exception {
        // given
        assertThat(tenant.settings("""
                {"language": "%s", "brand": {"name": "Acme Backups", "colour": "#1d4ed8"}, "alerts": ["%s"],
                 "subjects": {"quota-warning": "{brand}: {percent} %% of {quota}"}}""".formatted(language, reader)).status()).isEqualTo(200);

        // when
        jobs();
        alerts();

        // then
        var welcome = house.mailbox.await("ada-" + tenant.name() + "@example.org", 1);
        var mails = new HashMap<String, JsonNode>();
        for (var mail : house.mailbox.await(reader, 11))
            mails.putIfAbsent(mail.path("tags").path("mail").asText(), mail);
        mails.put("welcome", welcome.getFirst());
        assertThat(mails.keySet())
                .containsExactlyInAnyOrderElementsOf(List.of(MailKind.values()).stream()
                        .map(MailKind::wireName)
                        .toList());
        for (var mail : mails.entrySet()) {
            keep(language, mail.getKey(), mail.getValue());
            checkHtml(mail.getKey(), mail.getValue().path("html").asText(), language);
            checkText(mail.getKey(), mail.getValue().path("text").asText());
            checkHeaders(mail.getKey(), mail.getValue());
        }
        assertThat(Objects.requireNonNull(mails.get("quota-warning"))
                        .path("subject")
                        .asText())
                .isEqualTo("Acme Backups: 82 % of jobs per day");
        assertThat(header(Objects.requireNonNull(mails.get("schedule-missed")), "References"))
                .isEqualTo(header(Objects.requireNonNull(mails.get("schedule-recovered")), "References"))
                .isNotEqualTo(header(Objects.requireNonNull(mails.get("digest")), "References"));
        assertThat(Objects.requireNonNull(mails.get("backup-report"))
                        .path("text")
                        .asText())
                .contains("+5 B", "restic restore ")
                .containsPattern("/v1/jobs/[0-9a-f-]{36}/log");
    }

    private void jobs() {
        var registration = """
                {"type": "registration", "payload": {"username": "ada-%1$s", "email": "ada-%1$s@example.org"}
                 %2$s}""";
        var notify = ", \"notify\": {\"email\": [\"" + reader + "\"]}";
        tenant.api().run(registration.formatted(tenant.name(), notify));
        tenant.api()
                .run(registration
                        .formatted(tenant.name(), notify.replace("]}", "], \"on\": [\"failed\"]}"))
                        .replace("ada-" + tenant.name() + "@", "bob-" + tenant.name() + "@"));
        var backup = """
                {"type": "backup", "labels": {"schedule": "nightly"}, "notify": {"email": ["%s"]},
                 "payload": {"repository": "default", "source": {"kind": "inline", "name": "%s", "contentBase64": "%s"}}}""";
        tenant.api().run(backup.formatted(reader, "notes.txt", "YQ=="));
        house.mailbox.await(reader, 3);
        tenant.api().run(backup.formatted(reader, "notes.txt", "YWFhYWFh"));
        house.mailbox.await(reader, 4);
    }

    private void alerts() {
        var schedule = Map.of(
                Fact.SCHEDULE,
                "nightly",
                Fact.TICK,
                TICK.toString(),
                Fact.EXPECTED_BY,
                TICK.plusSeconds(3600).toString(),
                Fact.JOB_STATE,
                "RUNNING");
        alert(MailKind.SCHEDULE_MISSED, "1", schedule);
        alert(MailKind.SCHEDULE_LATE, "2", schedule);
        alert(MailKind.SCHEDULE_RECOVERED, "1", schedule);
        alert(
                MailKind.CHECK_FAILED,
                "1",
                Map.of(
                        Fact.REPOSITORY,
                        "default",
                        Fact.CODE,
                        "repository-damaged",
                        Fact.MESSAGE,
                        "2 of 118 packs cannot be read: 4f0a… and 91bc…"));
        alert(MailKind.QUOTA_WARNING, "1", Map.of(Fact.QUOTA, "jobs per day", Fact.USED, "8200", Fact.LIMIT, "10000"));
        alert(
                MailKind.DIGEST,
                "1",
                Map.of(
                        Fact.SINCE,
                        Instant.now().minus(Duration.ofDays(1)).toString(),
                        Fact.UNTIL,
                        Instant.now().plusSeconds(60).toString(),
                        Fact.PERIOD,
                        "DAY UTC"));
        var row = "gathered#" + tenant.name() + "#burst#" + reader;
        try (var dynamo = Cloud.dynamo()) {
            dynamo.putItem(put -> put.tableName(house.table("notifications"))
                    .item(Item.empty()
                            .with("id", row)
                            .with("opener", "-")
                            .with("gathered", 250)
                            .with("since", TICK)
                            .with("until", TICK.plusSeconds(600))
                            .with("n:registration FAILED email-taken", 240)
                            .with("n:backup SUCCEEDED", 10)
                            .with("lastJob", "0193f0a4-0000-7000-8000-000000000000")
                            .attributes()));
        }
        alert(MailKind.MANY, row, Map.of(Fact.GATHERED, row));
    }

    /** Twice, since that is what queues do. */
    private void alert(MailKind kind, String key, Map<Fact, String> facts) {
        var body = Alert.of(kind, tenant.name(), key, List.of(), TICK, facts).body();
        tenant.event(body);
        tenant.event(body);
    }

    private static void keep(String language, String name, JsonNode mail) throws IOException {
        var folder = Files.createDirectories(Path.of("target", "mails", language));
        Files.writeString(folder.resolve(name + ".html"), mail.path("html").asText());
        Files.writeString(
                folder.resolve(name + ".txt"),
                "Subject: " + mail.path("subject").asText() + "\n\n"
                        + mail.path("text").asText());
    }

    /** What mail programs leave of a page: its markup without scripts, often without the style sheet in its head. */
    private static void checkHtml(String name, String html, String language) {
        var parser = Parser.htmlParser().setTrackErrors(50);
        var page = parser.parseInput(html, "");
        assertThat(parser.getErrors()).as(name).isEmpty();
        assertThat(page.documentType()).as(name).isNotNull();
        assertThat(page.select("html").attr("lang")).isEqualTo(language);
        assertThat(page.title()).as(name).isNotBlank();
        assertThat(page.select("h1")).as(name).hasSize(1);
        assertThat(page.select("meta[name=color-scheme]").attr("content")).isEqualTo("light dark");
        assertThat(page.select("script, link, iframe, form, object, img[src^=http:]"))
                .as(name)
                .isEmpty();
        assertThat(page.select("body p, body h1, body a, body td, body pre, body div, body span"))
                .as(name + ": every element carries its own style")
                .allMatch(element -> element.hasAttr("style"));
        assertThat(page.select("table"))
                .as(name)
                .allMatch(table -> table.attr("role").equals("presentation"));
        assertThat(page.select("a")).as(name).allMatch(link -> link.attr("href").startsWith("http"));
        assertThat(page.text()).as(name).doesNotContain("NOT_FOUND", "{mail:", "{look");
        assertThat(html.length()).as(name + " is not clipped by Gmail").isLessThan(100_000);
    }

    private static void checkText(String name, String text) {
        assertThat(text).as(name).doesNotContain("NOT_FOUND", "{mail:", "&quot;", "&#", "<p", "\n\n\n");
        assertThat(text.lines().count()).as(name).isGreaterThan(6);
    }

    private static void checkHeaders(String name, JsonNode mail) {
        assertThat(header(mail, "Auto-Submitted")).as(name).isEqualTo("auto-generated");
        assertThat(mail.path("tags").path("tenant").asText()).startsWith("t");
        assertThat(mail.path("tags").path("notification").asText()).matches("[0-9a-f]{40}");
        assertThat(mail.path("configurationSet").asText()).endsWith("-mail");
        if (name.equals("welcome")) {
            assertThat(header(mail, "List-Unsubscribe")).isEmpty();
            return;
        }
        assertThat(header(mail, "References")).as(name).matches("<thread-[0-9a-f-]{36}@[a-z.]+>");
        assertThat(header(mail, "List-Unsubscribe")).as(name).matches("<http.*/v1/unsubscribe\\?reader=.*>");
        assertThat(header(mail, "List-Unsubscribe-Post")).as(name).isEqualTo("List-Unsubscribe=One-Click");
    }

    private static String header(JsonNode mail, String name) {
        return StreamSupport.stream(mail.path("headers").spliterator(), false)
                .filter(header -> header.path("name").asText().equals(name))
                .map(header -> header.path("value").asText())
                .findFirst()
                .orElse("");
    }
}
