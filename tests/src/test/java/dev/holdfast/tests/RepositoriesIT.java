package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.dynamo.Item;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What Holdfast stores, restic opens, checks and restores without it. */
class RepositoriesIT {

    private final House house = House.shared();

    @Test
    void resticReadsAndExtendsWhatABackupStored(@TempDir Path folder) throws Exception {
        Restic.require();
        var made = create("judged");
        var restic = new Restic(
                made.path("resticUrl").asText(), made.path("recoveryPassword").asText());

        var first = house.api.run(inline("judged", "notes.txt", "first"));
        var second = house.api.run(inline("judged", "notes.txt", "second"));

        assertThat(first.path("state").asText()).as(first.toString()).isEqualTo("SUCCEEDED");
        var listed = restic.json("snapshots");
        assertThat(listed.findValuesAsText("id")).containsExactly(snapshot(first), snapshot(second));
        assertThat(listed.get(1).path("parent").asText()).isEqualTo(snapshot(first));
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        restic.run("restore", snapshot(first), "--target", folder.toString());
        assertThat(folder.resolve("notes.txt")).hasContent("first");
        assertThat(folder.toFile().list()).containsExactly("notes.txt");
        restic.run("backup", folder.toString());
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        assertThat(restic.run("list", "locks")).isBlank();
    }

    @Test
    void defaultRepositoryOpensWithTheLocalKey() {
        Restic.require();
        house.api.run(inline("default", "here.txt", "here"));
        var shown = house.api.get("/v1/repositories/default").body();

        var restic = new Restic(shown.path("resticUrl").asText(), house.stack.apiKey());

        assertThat(restic.run("ls", "latest")).contains("snapshot");
        assertThat(shown.path("snapshots").asInt()).isPositive();
        assertThat(shown.path("bytesStored").asLong()).isPositive();
    }

    @Test
    void passwordIsToldOnceAndNameIsTakenThen() {
        var made = create("told-once");

        var again = house.api.post("/v1/repositories", "{\"name\": \"told-once\"}");
        var shown = house.api.get("/v1/repositories/told-once").body();
        var listed = house.api.get("/v1/repositories").body().path("items");

        assertThat(made.path("recoveryPassword").asText()).hasSizeGreaterThan(40);
        assertThat(made.path("prefix").asText()).isEqualTo("backups/local/told-once");
        assertThat(again.status()).isEqualTo(409);
        assertThat(shown.has("recoveryPassword")).isFalse();
        assertThat(listed.findValuesAsText("name")).contains("default", "told-once");
        assertThat(listed.toString()).doesNotContain("recoveryPassword");
    }

    @Test
    void snapshotIsBrowsedAndSearched() {
        create("browsed");
        var id = snapshot(house.api.run(inline("browsed", "Letter to Ada.txt", "dear Ada")));
        var files = "/v1/repositories/browsed/snapshots/" + id + "/files";

        var root = house.api.get(files).body().path("items");
        var found = house.api.get(files + "?find=letter*.txt").body().path("items");
        var none = house.api.get(files + "?find=*.pdf").body().path("items");

        assertThat(root.get(0).path("path").asText()).isEqualTo("/Letter to Ada.txt");
        assertThat(root.get(0).path("size").asInt()).isEqualTo(8);
        assertThat(found).isEqualTo(root);
        assertThat(none).isEmpty();
        assertThat(house.api.get(files + "?path=/nowhere").status()).isEqualTo(404);
        assertThat(house.api.get(files + "?path=/..").status()).isEqualTo(422);
    }

    /** F34. What is wrapped for one repository opens for no other. */
    @Test
    void jobWhoseKeyDoesNotOpenFailsAtOnceAndWritesNothing() {
        // given
        var made = create("locked-out");
        create("of-another-key");
        house.api.run(inline("locked-out", "notes.txt", "first"));
        var before = objects(made.path("prefix").asText());

        // when
        exchangeKey("locked-out", "of-another-key");
        var job = house.api.run(inline("locked-out", "notes.txt", "second"));

        // then
        assertThat(job.path("state").asText()).isEqualTo("FAILED");
        assertThat(job.at("/error/code").asText()).isEqualTo("key-unavailable");
        assertThat(job.at("/error/message").asText())
                .contains("the key of repository locked-out was wrapped by another");
        assertThat(job.path("attempt").asInt()).isOne();
        assertThat(objects(made.path("prefix").asText())).isEqualTo(before).isNotEmpty();
    }

    private void exchangeKey(String repository, String other) {
        try (var dynamo = Cloud.dynamo()) {
            var mine = row(dynamo, repository);
            var changed = mine.replace(wrappedKey(mine), wrappedKey(row(dynamo, other)));
            assertThat(changed).isNotEqualTo(mine);
            dynamo.updateItem(update -> update.tableName(house.table("catalog"))
                    .key(Item.key("pk", "REPOSITORIES#local", "sk", repository))
                    .updateExpression("SET repository = :changed")
                    .expressionAttributeValues(Item.key(":changed", changed)));
        }
    }

    private String row(DynamoDbClient dynamo, String repository) {
        var row = dynamo.getItem(get ->
                get.tableName(house.table("catalog")).key(Item.key("pk", "REPOSITORIES#local", "sk", repository)));
        return Item.of(row.item()).text("repository");
    }

    private static String wrappedKey(String row) {
        return row.replaceAll(".*\"wrappedKey\":\"([^\"]+)\".*", "$1");
    }

    private List<String> objects(String prefix) {
        try (var s3 = Cloud.s3()) {
            return s3.listObjectsV2(list -> list.bucket(house.name).prefix(prefix)).contents().stream()
                    .map(object -> object.key() + " " + object.eTag())
                    .toList();
        }
    }

    @Test
    void prefixThatLeadsOutOfItsPlaceIsRefused() {
        for (var prefix : new String[] {"../other", "/etc", "a//b", "a/", ".", ""}) {
            var answer = house.api.post("/v1/repositories", "{\"name\": \"out\", \"prefix\": \"" + prefix + "\"}");

            assertThat(answer.status()).as(prefix).isEqualTo(422);
            assertThat(answer.pointers()).containsExactly("/prefix");
        }
    }

    @Test
    void connectionNamesOnlyWhatTheOperatorAllows() {
        var answer = house.api.post("/v1/connections", """
                {"name": "inside", "endpoint": "http://169.254.169.254",
                 "accessKey": "env:AWS_ACCESS_KEY_ID", "secretKey": "file:passwd"}""");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactlyInAnyOrder("/endpoint", "/accessKey", "/secretKey");
    }

    private JsonNode create(String name) {
        var answer = house.api.post("/v1/repositories", "{\"name\": \"" + name + "\"}");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.body();
    }

    private static String inline(String repository, String name, String content) {
        return """
                {"type": "backup",
                 "payload": {"repository": "%s",
                             "source": {"kind": "inline", "name": "%s", "contentBase64": "%s"}}}""".formatted(repository, name, Base64.getEncoder().encodeToString(content.getBytes(UTF_8)));
    }

    private static String snapshot(JsonNode backup) {
        return backup.path("result").path("snapshotId").asText();
    }
}
