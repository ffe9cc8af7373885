package dev.holdfast.tests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Jobs of a house about one bucket, and what became of them: printed, and for the one who asked. */
final class FleetJobs {

    private static final long MIB = 1 << 20;

    private final House house;
    private final String source;

    /** The bucket is reached by a connection of the name {@code source}. */
    FleetJobs(House house, String source) {
        this.house = house;
        this.source = source;
        var answer = house.api.post(
                "/v1/connections", """
                {"name": "source", "endpoint": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(Cloud.endpoints().s3()));
        if (answer.status() != 201) throw new AssertionError(answer.body().toString());
    }

    record Repository(String name, String prefix, Restic restic) {}

    /** A new one. */
    Repository repository(String name) {
        var made = house.api
                .post("/v1/repositories", "{\"name\": \"" + name + "\"}")
                .body();
        var restic = new Restic(
                made.path("resticUrl").asText(), made.path("recoveryPassword").asText());
        return new Repository(name, made.path("prefix").asText(), restic);
    }

    /** Bytes of all objects of a repository. */
    long stored(Repository repository) {
        try (var s3 = Cloud.s3()) {
            return s3
                    .listObjectsV2Paginator(list -> list.bucket(house.name).prefix(repository.prefix()))
                    .contents()
                    .stream()
                    .mapToLong(S3Object::size)
                    .sum();
        }
    }

    record Backup(long files, long read, long changed, String snapshot) {}

    /** Backs the bucket up, and prints what it took. */
    Backup backUp(Repository repository, String what) throws IOException {
        var before = FleetUsage.of(house.stack);
        var backup = report(what, submitBackup(repository));
        FleetUsage.print(house.stack, before);
        return backup;
    }

    String submitBackup(Repository repository) {
        return house.api.submit("""
                {"type": "backup",
                 "payload": {"repository": "%s",
                             "source": {"kind": "s3", "bucket": "%s", "connection": "source"}}}""".formatted(repository.name(), source));
    }

    String submitRestore(Repository repository, String into) {
        return house.api.submit("""
                {"type": "restore",
                 "payload": {"repository": "%s", "snapshot": "latest",
                             "target": {"kind": "s3", "bucket": "%s", "prefix": "", "connection": "source"}}}""".formatted(repository.name(), into));
    }

    /** Waits a second for it. */
    boolean ended(String job) {
        var state = house.api
                .get("/v1/jobs/" + job + "?wait=1s")
                .body()
                .path("state")
                .asText();
        return Set.of("SUCCEEDED", "FAILED", "CANCELLED").contains(state);
    }

    /** A job when it has succeeded, however long that takes. */
    JsonNode awaitSuccess(String job) {
        while (!ended(job)) Thread.onSpinWait();
        var shown = house.api.get("/v1/jobs/" + job).body();
        if (!shown.path("state").asText().equals("SUCCEEDED")) throw new AssertionError(shown.toString());
        return shown;
    }

    /** Awaits a backup, and prints what it did, and in which time since it was accepted. */
    Backup report(String what, String job) throws IOException {
        var shown = awaitSuccess(job);
        var result = shown.path("result");
        var parts = parts(job);
        var stored = StoredParts.of(
                house.stack,
                Stream.concat(Stream.of(shown), parts.stream())
                        .map(one -> one.path("id").asText())
                        .collect(Collectors.toSet()));
        var files = Stream.of("filesNew", "filesChanged", "filesUnmodified")
                .mapToLong(count -> result.path(count).asLong())
                .sum();
        System.out.printf(
                "%s: %s, %d parts, %d files, %d read (%d MiB), %d MiB stored%n",
                what,
                took(shown),
                parts.size(),
                files,
                stored.filesRead(),
                stored.bytesRead() / MIB,
                result.path("bytesStored").asLong() / MIB);
        return new Backup(
                files,
                stored.filesRead(),
                result.path("filesChanged").asLong(),
                result.path("snapshotId").asText());
    }

    /** The jobs that a backup has been split into so far. */
    List<JsonNode> parts(String job) {
        var path = "/v1/jobs?type=backup-shard&limit=100";
        var cursor = "";
        var parts = Stream.<JsonNode>builder();
        do {
            var page = house.api.get(path + cursor).body();
            page.path("items").forEach(part -> {
                if (part.path("parent").asText().equals(job)) parts.add(part);
            });
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());
        return parts.build().toList();
    }

    /** Parts whose objects were read to their end by more than one run. */
    long readAgain(String job) throws IOException {
        var ids = parts(job).stream().map(part -> part.path("id").asText()).collect(Collectors.toSet());
        return StoredParts.of(house.stack, ids).repeated();
    }

    /** How long it took an ended job to end, from when it was accepted. */
    static String took(JsonNode job) {
        return between(
                Instant.parse(job.path("createdAt").asText()),
                Instant.parse(job.path("finishedAt").asText()));
    }

    static String since(Instant begun) {
        return between(begun, Instant.now());
    }

    private static String between(Instant begun, Instant ended) {
        return "%.1f s".formatted(Duration.between(begun, ended).toMillis() / 1000.0);
    }
}
