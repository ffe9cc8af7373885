package dev.holdfast.tests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.local.Child;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Run by hand through {@code tests/fleet-backup}: a bucket of generated objects, backed up by growing numbers of real
 * workers, judged by the real restic. Ends with status 0 if every repository is sound, every restore equals the source,
 * and nothing was read that had not changed.
 */
public final class FleetBackup {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
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
        var options = new HashMap<>(
                Map.of("objects", "5000", "mib", "200", "workers", "1,2,4", "kill", "0", "seed", "7", "parts", "20"));
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
        for (var workers : String.valueOf(options.get("workers")).split(",", -1)) {
            while (house.stack.workers().size() < Integer.parseInt(workers)) house.stack.addWorker();
            if (number("kill") == 0) measure(Integer.parseInt(workers));
            else kill(Integer.parseInt(workers));
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
        var disturbed = report(workers + " workers, " + kills + " kills", job, begun, Map.of(), Map.of());
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
        var calls = calls();
        var cpu = cpu();
        var begun = Instant.now();
        var job = submit(repository);
        while (!ended(job)) Thread.onSpinWait();
        var backup = report(what, job, begun, calls, cpu);
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

    private Backup report(
            String what, String job, Instant begun, Map<String, Double> callsBefore, Map<String, Double> cpuBefore)
            throws IOException {
        var took = since(begun);
        var shown = house.api.get("/v1/jobs/" + job).body();
        var result = shown.path("result");
        if (!shown.path("state").asText().equals("SUCCEEDED")) throw new AssertionError(shown.toString());
        var parts = parts(job);
        var read = parts.stream()
                .mapToLong(part -> part.path("result").path("filesRead").asLong())
                .sum();
        var bytes = parts.stream()
                .mapToLong(part -> part.path("result").path("bytesRead").asLong())
                .sum();
        System.out.printf(
                "%s: %s, %d parts, %d files, %d read (%d MiB), %d MiB stored%n",
                what,
                took,
                parts.size(),
                result.path("filesNew").asLong()
                        + result.path("filesChanged").asLong()
                        + result.path("filesUnmodified").asLong(),
                read,
                bytes / MIB,
                result.path("bytesStored").asLong() / MIB);
        if (!cpuBefore.isEmpty()) {
            var calls = calls();
            callsBefore.forEach((action, count) -> calls.merge(action, -count, Double::sum));
            System.out.println("  S3 calls "
                    + calls.entrySet().stream()
                            .filter(call -> call.getValue() > 0)
                            .map(call -> call.getKey() + " " + Math.round(call.getValue()))
                            .collect(Collectors.joining(", ")));
            var cpu = cpu();
            cpu.forEach((worker, seconds) ->
                    System.out.printf("  %s: %.1f s of CPU%n", worker, seconds - cpuBefore.getOrDefault(worker, 0.0)));
        }
        for (var worker : house.stack.workers()) System.out.printf("  %s: %s%n", worker.name(), memory(worker));
        return new Backup(
                result.path("filesNew").asLong()
                        + result.path("filesChanged").asLong()
                        + result.path("filesUnmodified").asLong(),
                read,
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
        var runs = new HashMap<String, Integer>();
        for (var worker : house.stack.workers()) {
            for (var line : Files.readAllLines(worker.log())) {
                if (!line.contains("part of a bucket stored")) continue;
                for (var id : ids) if (line.contains("jobId=" + id)) runs.merge(id, 1, Integer::sum);
            }
        }
        return runs.values().stream().filter(count -> count > 1).count();
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

    private Map<String, Double> calls() {
        var calls = new TreeMap<String, Double>();
        for (var worker : house.stack.workers()) {
            metrics(worker)
                    .lines()
                    .filter(line -> line.startsWith("s3_calls_total{"))
                    .forEach(line -> {
                        var action = line.substring(line.indexOf("action=\"") + 8);
                        calls.merge(
                                action.substring(0, action.indexOf('"')),
                                Double.parseDouble(line.substring(line.lastIndexOf(' '))),
                                Double::sum);
                    });
        }
        return calls;
    }

    private static String metrics(Child worker) {
        try {
            var request =
                    HttpRequest.newBuilder(worker.url().resolve("/q/metrics")).build();
            return HTTP.send(request, BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Map<String, Double> cpu() {
        return house.stack.workers().stream()
                .collect(Collectors.toMap(
                        Child::name,
                        worker -> worker.handle()
                                        .info()
                                        .totalCpuDuration()
                                        .orElse(Duration.ZERO)
                                        .toMillis()
                                / 1000.0,
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static String memory(Child worker) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + worker.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> "at most " + Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB resident")
                .findFirst()
                .orElse("");
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
