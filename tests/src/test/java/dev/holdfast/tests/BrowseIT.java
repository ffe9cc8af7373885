package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.dynamo.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;

/** Snapshots are browsed and searched in the catalogue; where it does not know, the repository is opened. */
class BrowseIT {

    private final House house = House.shared();
    private final Tenant tenant =
            new Tenant(house, "owner", house.api.as(house.key("owner", "jobs:write", "jobs:read", "admin")));
    private final String repository = "b" + UUID.randomUUID().toString().substring(0, 8);
    private final DynamoDbClient dynamo = Cloud.dynamo();
    private final S3Client s3 = Cloud.s3();
    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        tenant.addRepository(repository);
        folder = Files.createDirectory(house.sources().resolve(repository));
        Files.createDirectories(folder.resolve("2026/may/raw"));
        Files.createDirectory(folder.resolve("2026/june"));
        Files.createDirectory(folder.resolve("empty"));
        Files.writeString(folder.resolve("2026/may/Letter to Ada.txt"), "dear Ada");
        Files.writeString(folder.resolve("2026/may/raw/ä \"b\" *.txt"), "x");
        Files.writeString(folder.resolve("letter.pdf"), "pdf");
        Files.createSymbolicLink(folder.resolve("2026/latest"), Path.of("may"));
        for (var number = 0; number < 120; number++) {
            Files.writeString(folder.resolve("2026/june/n%03d".formatted(number)), "n" + number);
        }
    }

    @AfterEach
    void close() {
        dynamo.close();
        s3.close();
    }

    /** Without its config no repository opens. */
    @Test
    void catalogueAnswersAloneAndAsTheRepositoryDoes() {
        // given
        var snapshot = backUp();
        var rows = rows();

        // when
        var kept = whileMovedAway(() -> answers(snapshot));
        removeRows(rows);
        var closed = whileMovedAway(() -> files(snapshot, "").status());
        var opened = answers(snapshot);

        // then
        assertThat(rows).hasSizeGreaterThan(5);
        assertThat(kept).isEqualTo(opened);
        assertThat(closed).isEqualTo(503);
        var june = opened.getOrDefault(path("2026/june"), MissingNode.getInstance());
        assertThat(june.path("items")).hasSize(50);
        assertThat(june.path("more").asBoolean()).isTrue();
        assertThat(opened.getOrDefault("?find=letter*", june).path("items").findValuesAsText("path"))
                .containsExactly(folder + "/2026/may/Letter to Ada.txt", folder + "/letter.pdf");
        assertThat(opened.getOrDefault("?find=n*&limit=100", MissingNode.getInstance())
                        .path("more")
                        .asBoolean())
                .isTrue();
        assertThat(files(snapshot, path("nowhere")).status()).isEqualTo(404);
    }

    @Test
    void rowsAreWrittenOnChangeRebuiltByACheckAndGoWithTheirSnapshots() throws IOException {
        // given
        backUp();
        var first = rows();

        // when
        backUp();
        var unchanged = rows();
        Files.writeString(folder.resolve("2026/may/raw/new.txt"), "new");
        var last = backUp();
        var changed = rows();
        removeRows(changed);
        run("check", "\"readData\": \"none\"");
        var rebuilt = rows();
        run("forget", "\"keepLast\": 1");
        run("prune", "");
        var left = rows();

        // then
        assertThat(unchanged).isEqualTo(first);
        var path = folder.getNameCount() + 3; // from the root to 2026/may/raw
        assertThat(changed).hasSize(first.size() + path + 1).containsAllEntriesOf(first);
        assertThat(rebuilt.keySet()).isEqualTo(changed.keySet());
        assertThat(left).hasSize(first.size());
        assertThat(changed.keySet()).containsAll(left.keySet());
        var found = whileMovedAway(() -> files(last, "?find=new.txt").body());
        assertThat(found.path("items").findValuesAsText("path")).containsExactly(folder + "/2026/may/raw/new.txt");
    }

    /** Three parts and what is between them; the house shares out by hundreds of objects. */
    @Test
    void bucketInPartsIsBrowsed() {
        // given
        var bucket = "source-" + repository;
        s3.createBucket(create -> create.bucket(bucket));
        assertThat(tenant.api()
                        .post("/v1/connections", """
                {"name": "%s", "endpoint": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_OWNER_ACCESS", "secretKey": "env:HOLDFAST_SECRET_OWNER_SECRET"}""".formatted(
                                        repository, Cloud.endpoints().s3()))
                        .status())
                .isEqualTo(201);
        IntStream.range(0, 210)
                .forEach(number -> s3.putObject(
                        put -> put.bucket(bucket).key("in/d%d/%03d".formatted(number / 30, number)),
                        RequestBody.fromString("object " + number)));

        // when
        var job = tenant.api()
                .run(backup(
                        "\"kind\": \"s3\", \"bucket\": \"%s\", \"connection\": \"%s\"".formatted(bucket, repository)));
        var snapshot = job.path("result").path("snapshotId").asText();

        // then
        assertThat(job.path("children").path("total").asInt())
                .as(job.toString())
                .isGreaterThan(1);
        assertThat(rows()).hasSize(9); // d0 to d6, and two above
        var shown = whileMovedAway(() -> files(snapshot, "?path=/in/d6").body());
        var found = whileMovedAway(() -> files(snapshot, "?find=*9&limit=100").body());
        assertThat(shown.path("items")).hasSize(30);
        assertThat(found.path("items")).hasSize(21);
        assertThat(found.path("more").asBoolean()).isFalse();
    }

    private Map<String, JsonNode> answers(String snapshot) {
        var answers = new TreeMap<String, JsonNode>();
        for (var query : List.of(
                "",
                path(""),
                path("2026"),
                path("2026/may/raw"),
                path("2026/june"),
                path("empty"),
                path("letter.pdf"),
                path("nowhere"),
                "?find=letter*",
                "?find=*.txt",
                "?find=n*&limit=100",
                path("2026/may") + "&find=*a*")) {
            var body = files(snapshot, query).body();
            answers.put(query, body.isObject() ? ((ObjectNode) body).without("traceId") : body);
        }
        return answers;
    }

    private String path(String below) {
        return "?path=" + folder + "/" + below;
    }

    private Api.Answer files(String snapshot, String query) {
        return tenant.api().get("/v1/repositories/" + repository + "/snapshots/" + snapshot + "/files" + query);
    }

    private String backUp() {
        var job = tenant.api().run(backup("\"kind\": \"path\", \"path\": \"" + folder + "\""));
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        return job.path("result").path("snapshotId").asText();
    }

    private String backup(String source) {
        return "{\"type\": \"backup\", \"payload\": {\"repository\": \"%s\", \"source\": {%s}}}"
                .formatted(repository, source);
    }

    private void run(String type, String fields) {
        var job = tenant.api()
                .run("{\"type\": \"%s\", \"payload\": {\"repository\": \"%s\"%s}}"
                        .formatted(type, repository, fields.isEmpty() ? "" : ", " + fields));
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
    }

    /** The rows of directories, by their sort keys. */
    private Map<String, Map<String, AttributeValue>> rows() {
        var rows = new TreeMap<String, Map<String, AttributeValue>>();
        dynamo.queryPaginator(query -> query.tableName(house.table("catalog"))
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", "TREE#owner#" + repository)))
                .items()
                .forEach(item -> rows.put(Item.of(item).text("sk"), item));
        return rows;
    }

    private void removeRows(Map<String, Map<String, AttributeValue>> rows) {
        rows.values()
                .forEach(row -> dynamo.deleteItem(delete -> delete.tableName(house.table("catalog"))
                        .key(Item.key(
                                "pk",
                                Item.of(row).text("pk"),
                                "sk",
                                Item.of(row).text("sk")))));
    }

    private <T> T whileMovedAway(Supplier<T> asked) {
        var prefix = "backups/owner/" + repository + "/";
        var moved = new ArrayList<String>();
        moved.add(prefix + "config");
        s3.listObjectsV2Paginator(list -> list.bucket(house.name).prefix(prefix + "index/")).contents().stream()
                .forEach(object -> moved.add(object.key()));
        moved.forEach(key -> move(key, "moved/" + key));
        try {
            return asked.get();
        } finally {
            moved.forEach(key -> move("moved/" + key, key));
        }
    }

    private void move(String from, String to) {
        var bytes = s3.getObjectAsBytes(get -> get.bucket(house.name).key(from));
        s3.putObject(put -> put.bucket(house.name).key(to), RequestBody.fromBytes(bytes.asByteArrayUnsafe()));
        s3.deleteObject(delete -> delete.bucket(house.name).key(from));
    }
}
