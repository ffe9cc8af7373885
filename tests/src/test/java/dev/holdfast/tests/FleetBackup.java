package dev.holdfast.tests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Run by hand through {@code tests/fleet-backup}: a bucket of generated objects, backed up by growing numbers of real
 * workers, judged by the real restic. Ends with status 0 if every repository is sound, every restore equals the source,
 * and nothing was read that had not changed.
 */
public final class FleetBackup {

    private static final long MIB = 1 << 20;

    private final House house;
    private final Map<String, String> options;
    private final GeneratedBucket bucket;
    private final String source;
    private boolean sound = true;

    private FleetBackup(House house, Map<String, String> options) {
        this.house = house;
        this.options = options;
        this.source = house.name + "-source";
        this.bucket = new GeneratedBucket(Cloud.s3(), source, number("objects"), number("mib") * MIB, number("seed"));
    }

    public static void main(String[] arguments) throws Exception {
        var options = new HashMap<>(Map.of(
                "objects", "5000", "mib", "200", "workers", "1,2,4", "kill", "0", "seed", "7", "parts", "10", "rivals",
                "0"));
        for (var i = 0; i + 1 < arguments.length; i += 2) options.put(arguments[i].substring(2), arguments[i + 1]);
        var perPart = Math.max(10, Integer.parseInt(options.get("objects")) / Integer.parseInt(options.get("parts")));
        boolean sound;
        try (var house = House.start(how ->
                how.withWorkers(1).withFullJit().with("HOLDFAST_BACKUP_SHARD_OBJECTS", String.valueOf(perPart)))) {
            sound = new FleetBackup(house, options).run();
        }
        System.exit(sound ? 0 : 1);
    }

    private int number(String option) {
        return Integer.parseInt(String.valueOf(options.get(option)));
    }

    private boolean run() throws Exception {
        var answer = house.api.post(
                "/v1/connections", """
                {"name": "source", "endpoint": "%s",
                 "accessKey": "env:HOLDFAST_SECRET_LOCAL_ACCESS", "secretKey": "env:HOLDFAST_SECRET_LOCAL_SECRET"}""".formatted(Cloud.endpoints().s3()));
        if (answer.status() != 201) throw new AssertionError(answer.body().toString());
        var begun = Instant.now();
        bucket.make();
        System.out.printf("%d objects, %d MiB, made in %s%n", bucket.objects(), bucket.bytes() / MIB, since(begun));
        for (var count : String.valueOf(options.get("workers")).split(",", -1)) {
            var workers = Integer.parseInt(count);
            while (house.stack.workers().size() < workers) house.stack.addWorker();
            if (number("kill") == 0) measure(workers);
            else kill(workers);
            if (workers == number("rivals") && FleetRivals.areHere()) compare();
        }
        System.out.println(sound ? "all sound" : "NOT SOUND");
        return sound;
    }

    private void measure(int workers) throws Exception {
        var repository = repository("fleet-" + workers);
        var first = backUp(repository, workers + " workers, first");
        expect("all read", first.read(), bucket.objects());
        var unchanged = backUp(repository, workers + " workers, unchanged");
        expect("read though unchanged", unchanged.read(), 0);
        bucket.change(100, workers);
        var changed = backUp(repository, workers + " workers, 1 % changed");
        expect("read of those changed", changed.read(), changed.changed());
        judge(repository);
    }

    /** The same steps by others, and by as many workers as there are now. */
    private void compare() throws Exception {
        var rivals = new FleetRivals(source);
        var repository = repository("beside-rivals");
        rivals.begin();
        for (var step : List.of("first", "unchanged", "1 % changed")) {
            if (step.startsWith("1 %")) bucket.change(100, 50);
            rivals.backUp(step);
            backUp(repository, "holdfast " + step);
        }
        rivals.restore();
        restore(repository);
    }

    private void restore(Repository repository) throws Exception {
        var before = FleetUsage.of(house.stack);
        Cloud.s3().createBucket(create -> create.bucket(source + "-back-3"));
        var begun = Instant.now();
        var job = house.api.submit("""
                {"type": "restore",
                 "payload": {"repository": "%s", "snapshot": "latest",
                             "target": {"kind": "s3", "bucket": "%s", "prefix": "", "connection": "source"}}}""".formatted(repository.name(), source + "-back-3"));
        while (!ended(job)) Thread.onSpinWait();
        System.out.printf("holdfast restore: %s%n", since(begun));
        FleetUsage.print(house.stack, before);
        expect(
                "objects restored",
                house.api
                        .get("/v1/jobs/" + job)
                        .body()
                        .path("result")
                        .path("files")
                        .asLong(),
                bucket.objects());
    }

    private void kill(int workers) throws Exception {
        var calm = backUp(repository("calm-" + workers), workers + " workers, undisturbed");
        var repository = repository("killed-" + workers);
        var random = new Random(number("seed"));
        var begun = Instant.now();
        var job = submit(repository);
        var kills = 0;
        var next = begun.plusSeconds(number("kill"));
        while (!ended(job)) {
            if (Instant.now().isBefore(next)) continue;
            var worker = house.stack.workers().get(random.nextInt(workers));
            worker.kill();
            worker.awaitExit(Duration.ofSeconds(10));
            worker.restart();
            kills++;
            next = Instant.now().plusSeconds(number("kill"));
        }
        var disturbed = report(workers + " workers, " + kills + " kills", job, begun);
        expect("files", disturbed.files(), bucket.objects());
        expect("parts read again after they were stored", readAgain(job), 0);
        judge(repository);
        var same = tree(repository, disturbed.snapshot())
                .equals(tree(new Repository("calm-" + workers, calm.restic()), calm.snapshot()));
        System.out.println("  tree " + (same ? "identical" : "DIFFERENT"));
        sound &= same;
    }

    private record Repository(String name, Restic restic) {}

    private Repository repository(String name) {
        var made = house.api
                .post("/v1/repositories", "{\"name\": \"" + name + "\"}")
                .body();
        return new Repository(
                name,
                new Restic(
                        made.path("resticUrl").asText(),
                        made.path("recoveryPassword").asText()));
    }

    private record Backup(long files, long read, long changed, String snapshot, Restic restic) {}

    private Backup backUp(Repository repository, String what) throws Exception {
        var before = FleetUsage.of(house.stack);
        var begun = Instant.now();
        var job = submit(repository);
        while (!ended(job)) Thread.onSpinWait();
        var backup = report(what, job, begun);
        FleetUsage.print(house.stack, before);
        return new Backup(backup.files(), backup.read(), backup.changed(), backup.snapshot(), repository.restic());
    }

    private String submit(Repository repository) {
        return house.api.submit("""
                {"type": "backup",
                 "payload": {"repository": "%s",
                             "source": {"kind": "s3", "bucket": "%s", "connection": "source"}}}""".formatted(repository.name(), source));
    }

    private boolean ended(String job) {
        var state = house.api
                .get("/v1/jobs/" + job + "?wait=1s")
                .body()
                .path("state")
                .asText();
        return List.of("SUCCEEDED", "FAILED", "CANCELLED").contains(state);
    }

    private Backup report(String what, String job, Instant begun) throws IOException {
        var took = since(begun);
        var shown = house.api.get("/v1/jobs/" + job).body();
        var result = shown.path("result");
        if (!shown.path("state").asText().equals("SUCCEEDED")) throw new AssertionError(shown.toString());
        var parts = parts(job);
        var stored = StoredParts.of(
                house.stack,
                Stream.concat(Stream.of(shown), parts.stream())
                        .map(one -> one.path("id").asText())
                        .collect(Collectors.toSet()));
        System.out.printf(
                "%s: %s, %d parts, %d files, %d read (%d MiB), %d MiB stored%n",
                what,
                took,
                parts.size(),
                result.path("filesNew").asLong()
                        + result.path("filesChanged").asLong()
                        + result.path("filesUnmodified").asLong(),
                stored.filesRead(),
                stored.bytesRead() / MIB,
                result.path("bytesStored").asLong() / MIB);
        return new Backup(
                result.path("filesNew").asLong()
                        + result.path("filesChanged").asLong()
                        + result.path("filesUnmodified").asLong(),
                stored.filesRead(),
                result.path("filesChanged").asLong(),
                result.path("snapshotId").asText(),
                new Restic("", ""));
    }

    private List<JsonNode> parts(String job) {
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
    private long readAgain(String job) throws IOException {
        var ids = parts(job).stream().map(part -> part.path("id").asText()).collect(Collectors.toSet());
        return StoredParts.of(house.stack, ids).repeated();
    }

    private void judge(Repository repository) throws IOException {
        var check = repository.restic().attempt("check", "--read-data");
        System.out.println("  restic check --read-data: " + (check.exitCode() == 0 ? "clean" : check.output()));
        sound &= check.exitCode() == 0;
        var folder = Files.createTempDirectory("fleet-backup");
        try {
            repository.restic().run("restore", "latest", "--target", folder.toString());
            expect("differences after restic restore", bucket.differences(folder), 0);
        } finally {
            delete(folder);
        }
    }

    /**
     * What is in a snapshot, but for where its files are cut: each repository draws a polynomial of its own for that.
     */
    private static List<String> tree(Repository repository, String snapshot) {
        return repository
                .restic()
                .run("ls", "--json", snapshot)
                .lines()
                .skip(1) // the snapshot itself
                .toList();
    }

    private void expect(String what, long is, long wanted) {
        System.out.printf("  %s: %d%s%n", what, is, is == wanted ? "" : ", NOT " + wanted);
        sound &= is == wanted;
    }

    private static String since(Instant begun) {
        return "%.1f s".formatted(Duration.between(begun, Instant.now()).toMillis() / 1000.0);
    }

    private static void delete(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            for (var path : walk.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
