package dev.holdfast.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

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
    private final FleetJobs jobs;
    private boolean sound = true;

    private FleetBackup(House house, Map<String, String> options) {
        this.house = house;
        this.options = options;
        this.source = house.name + "-source";
        this.bucket = new GeneratedBucket(Cloud.s3(), source, number("objects"), number("mib") * MIB, number("seed"));
        this.jobs = new FleetJobs(house, source);
    }

    public static void main(String[] arguments) throws Exception {
        var options = new HashMap<>(Map.of(
                "objects", "5000", "mib", "200", "workers", "1,2,4", "kill", "0", "seed", "7", "parts", "10", "rivals",
                "0", "prune", "0"));
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
        var begun = Instant.now();
        bucket.make();
        System.out.printf(
                "%d objects, %d MiB, made in %s%n", bucket.objects(), bucket.bytes() / MIB, FleetJobs.since(begun));
        for (var count : String.valueOf(options.get("workers")).split(",", -1)) {
            var workers = Integer.parseInt(count);
            while (house.stack.workers().size() < workers) house.stack.addWorker();
            if (number("kill") > 0) kill(workers);
            else if (number("prune") > 0) prune(workers);
            else measure(workers);
            if (workers == number("rivals") && FleetRivals.areHere()) compare();
        }
        System.out.println(sound ? "all sound" : "NOT SOUND");
        return sound;
    }

    private void measure(int workers) throws Exception {
        var repository = jobs.repository("fleet-" + workers);
        var first = jobs.backUp(repository, workers + " workers, first");
        expect("all read", first.read(), bucket.objects());
        var unchanged = jobs.backUp(repository, workers + " workers, unchanged");
        expect("read though unchanged", unchanged.read(), 0);
        bucket.change(100, workers);
        var changed = jobs.backUp(repository, workers + " workers, 1 % changed");
        expect("read of those changed", changed.read(), changed.changed());
        judge(repository);
    }

    /** The same steps by others, and by as many workers as there are now. */
    private void compare() throws Exception {
        var repository = jobs.repository("beside-rivals");
        try (var rivals = new FleetRivals(source)) {
            rivals.begin();
            for (var step : List.of("first", "unchanged", "1 % changed")) {
                if (step.startsWith("1 %")) bucket.change(100, 50);
                rivals.backUp(step);
                jobs.backUp(repository, "holdfast " + step);
            }
            rivals.restore();
        }
        restore(repository);
    }

    private void restore(FleetJobs.Repository repository) throws Exception {
        var before = FleetUsage.of(house.stack);
        Cloud.s3().createBucket(create -> create.bucket(source + "-back-3"));
        var restored = jobs.awaitSuccess(jobs.submitRestore(repository, source + "-back-3"));
        System.out.printf("holdfast restore: %s%n", FleetJobs.took(restored));
        FleetUsage.print(house.stack, before);
        expect("objects restored", restored.path("result").path("files").asLong(), bucket.objects());
    }

    private void kill(int workers) throws Exception {
        var calm = jobs.repository("calm-" + workers);
        var undisturbed = jobs.backUp(calm, workers + " workers, undisturbed");
        var repository = jobs.repository("killed-" + workers);
        var random = new Random(number("seed"));
        var job = jobs.submitBackup(repository);
        var kills = 0;
        var next = Instant.now().plusSeconds(number("kill"));
        while (!jobs.ended(job)) {
            if (Instant.now().isBefore(next)) continue;
            var worker = house.stack.workers().get(random.nextInt(workers));
            worker.kill();
            worker.awaitExit(Duration.ofSeconds(10));
            worker.restart();
            kills++;
            next = Instant.now().plusSeconds(number("kill"));
        }
        var disturbed = jobs.report(workers + " workers, " + kills + " kills", job);
        expect("files", disturbed.files(), bucket.objects());
        expect("parts read again after they were stored", jobs.readAgain(job), 0);
        judge(repository);
        var same = tree(repository, disturbed.snapshot()).equals(tree(calm, undisturbed.snapshot()));
        System.out.println("  tree " + (same ? "identical" : "DIFFERENT"));
        sound &= same;
    }

    /** What a third backup alone has is pruned while two others run. */
    private void prune(int workers) throws Exception {
        var repository = jobs.repository("pruned-" + workers);
        jobs.backUp(repository, "first");
        bucket.change(4, 0);
        jobs.backUp(repository, "a fourth changed");
        jobs.awaitSuccess(house.api.submit("""
                {"type": "forget", "payload": {"repository": "%s", "keepLast": 1}}""".formatted(repository.name())));
        bucket.change(4, 1);
        var before = jobs.stored(repository);
        var begun = Instant.now();
        var backups = List.of(jobs.submitBackup(repository), jobs.submitBackup(repository));
        while (repository.restic().run("list", "locks").lines().count() < backups.size()) Thread.sleep(200);
        var job = house.api.submit("""
                {"type": "prune", "payload": {"repository": "%s"}}""".formatted(repository.name()));
        var snapshots = new ArrayList<String>();
        for (var backup : backups)
            snapshots.add(jobs.report("beside a prune, another fourth changed", backup)
                    .snapshot());
        var pruned = jobs.awaitSuccess(job);
        System.out.printf("prune: ended %s after the backups began%n", FleetJobs.since(begun));
        var notes = pruned.path("history").findValuesAsText("note");
        notes.stream().filter(note -> !note.isBlank()).forEach(note -> System.out.println("  " + note));
        System.out.printf(
                "  %d MiB freed as the job says; %d MiB stored before the backups, %d MiB after all%n",
                pruned.path("result").path("bytesFreed").asLong() / MIB, before / MIB, jobs.stored(repository) / MIB);
        var waited = notes.stream().anyMatch(note -> note.contains("waits for 2 jobs"));
        expect("jobs that the prune waited for", waited ? 2 : 0, 2);
        check(repository);
        for (var snapshot : snapshots) compare(repository, snapshot);
    }

    private void judge(FleetJobs.Repository repository) throws IOException {
        check(repository);
        compare(repository, "latest");
    }

    private void check(FleetJobs.Repository repository) {
        var check = repository.restic().attempt("check", "--read-data");
        System.out.println("  restic check --read-data: " + (check.exitCode() == 0 ? "clean" : check.output()));
        sound &= check.exitCode() == 0;
    }

    private void compare(FleetJobs.Repository repository, String snapshot) throws IOException {
        var folder = Files.createTempDirectory("fleet-backup");
        try {
            repository.restic().run("restore", snapshot, "--target", folder.toString());
            expect("differences after restic restore", bucket.differences(folder), 0);
        } finally {
            delete(folder);
        }
    }

    /**
     * What is in a snapshot, but for where its files are cut: each repository draws a polynomial of its own for that.
     */
    private static List<String> tree(FleetJobs.Repository repository, String snapshot) {
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

    static void delete(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            for (var path : walk.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
