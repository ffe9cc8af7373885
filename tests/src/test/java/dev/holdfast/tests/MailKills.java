package dev.holdfast.tests;

import dev.holdfast.core.TableNames;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Notify;
import dev.holdfast.table.Claim;
import dev.holdfast.table.JobTable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Run by hand through {@code tests/mail-kills}: the ends of many jobs, three in ten told twice, each for a recipient of
 * its own, while the notifier is killed at random and SES throttles. Ends with status 0 if nobody's mail is missing, at
 * most one came twice for each kill, and nothing was given up.
 */
public final class MailKills {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final House house;
    private final Random random;
    private final int perSecond;

    private MailKills(House house, long seed, int perSecond) {
        this.house = house;
        this.random = new Random(seed);
        this.perSecond = perSecond;
    }

    public static void main(String[] arguments) throws Exception {
        var events = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        var kills = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        var seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 8;
        var perSecond = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 100;
        var throttled = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 0;
        boolean held;
        try (var house = House.start(options -> options.withWorkers(1).with("HOLDFAST_NOTIFY_EVERY", "2s"))) {
            held = new MailKills(house, seed, perSecond).run(events, kills, throttled);
        }
        System.exit(held ? 0 : 1);
    }

    private boolean run(int events, int kills, int throttled) throws Exception {
        house.mailbox.faults("{\"maxSendRate\": %d, \"throttlePercent\": %d}".formatted(perSecond, throttled));
        var jobs = failures(events);
        var begun = Instant.now();
        var told = tell(jobs);
        System.out.printf("%d events of %d jobs%n", told, events);
        var pause = Duration.ofSeconds(events / perSecond).dividedBy(Math.max(1, kills));
        var notifier = house.stack.service("notify");
        for (var kill = 1; kill <= kills; kill++) {
            Thread.sleep(random.nextLong(pause.toMillis() / 2, pause.toMillis() * 3 / 2));
            notifier.kill();
            notifier.awaitExit(Duration.ofSeconds(10));
            System.out.printf("kill %d at %d mails%n", kill, sum());
            notifier.restart();
            notifier.awaitReady(Duration.ofSeconds(90));
        }
        var last = new Progress(sum(), Instant.now());
        while (last.mails() < events && last.at().isAfter(Instant.now().minusSeconds(90))) {
            Thread.sleep(500);
            var sum = sum();
            if (sum > last.mails()) last = new Progress(sum, Instant.now());
        }
        Awaitility.await("every event is settled, duplicates included")
                .atMost(Duration.ofMinutes(15))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> left("events") == 0);
        return report(events, kills, Duration.between(begun, last.at()));
    }

    /** How many mails there were, and since when. */
    private record Progress(long mails, Instant at) {}

    private boolean report(int events, int kills, Duration took) {
        var got = house.mailbox.recipients();
        var missing = IntStream.range(0, events)
                .filter(i -> !got.containsKey(address(i)))
                .count();
        var twice = got.values().stream().mapToLong(mails -> mails - 1).sum();
        var dead = left("events-dlq");
        var rate = sum() * 1000.0 / took.toMillis();
        System.out.printf(
                "%d recipients, %d mails, %d missing, %d too many, %d given up, %d kills, %d s: %.1f a second, %.0f %% of what SES allows%n",
                got.size(), sum(), missing, twice, dead, kills, took.toSeconds(), rate, 100 * rate / perSecond);
        return missing == 0 && twice <= kills && dead == 0;
    }

    private long sum() {
        return house.mailbox.recipients().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static String address(int number) {
        return "kills-" + number + "@example.org";
    }

    /** Jobs that have failed, as a worker leaves them. */
    private List<Job> failures(int number) throws Exception {
        var failed = Collections.synchronizedList(new ArrayList<Job>());
        try (var dynamo = Cloud.dynamo();
                var threads = Executors.newFixedThreadPool(8)) {
            var table = new JobTable(
                    dynamo,
                    new TableNames(house.name + "-").jobs(),
                    new Core.Keeping(Core.LEASE, Duration.ofDays(90)),
                    Instant::now,
                    new Random());
            var all = IntStream.range(0, number)
                    .mapToObj(i -> threads.submit(() -> failed.add(failed(table, i))))
                    .toList();
            for (var one : all) one.get();
        }
        return failed;
    }

    private static Job failed(JobTable table, int number) {
        var payload = new JobPayload.Backup(
                "default",
                new BackupSource.Inline("file", ""),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        var told = new Notify(List.of(address(number)), Set.of(JobState.FAILED));
        var spec = new JobSpec(payload, told, Optional.empty(), Optional.empty(), 3, Map.of());
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var id = JobId.timeOrdered(now, new Random());
        table.submit(Job.accepted(id, "local", spec, "x", TRACE, now));
        if (!(table.claim(id) instanceof Claim.Won(var job))) throw new IllegalStateException("not claimed " + id);
        return table.fail(job, new JobError("source-unreachable", "The source did not answer.", true, 1))
                .orElseThrow();
    }

    /** Returns how many events were sent. */
    private int tell(List<Job> jobs) {
        var events = new ArrayList<String>();
        for (var job : jobs) {
            var event = "{\"v\":1,\"job\":\"%s\",\"state\":\"FAILED\",\"fence\":%d}".formatted(job.id(), job.fence());
            events.add(event);
            if (random.nextInt(10) < 3) events.add(event);
        }
        Collections.shuffle(events, random);
        try (var sqs = Cloud.sqs()) {
            var url = sqs.getQueueUrl(get -> get.queueName(house.name + "-events"))
                    .queueUrl();
            for (var from = 0; from < events.size(); from += 10) {
                var entries = IntStream.range(from, Math.min(from + 10, events.size()))
                        .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                .id(Integer.toString(i))
                                .messageBody(events.get(i))
                                .messageGroupId("local")
                                .build())
                        .toList();
                sqs.sendMessageBatch(send -> send.queueUrl(url).entries(entries));
            }
        }
        return events.size();
    }

    /** Messages on a queue: visible, hidden and delayed. */
    private int left(String queue) {
        try (var sqs = Cloud.sqs()) {
            var url = sqs.getQueueUrl(get -> get.queueName(house.name + "-" + queue))
                    .queueUrl();
            return sqs
                    .getQueueAttributes(get -> get.queueUrl(url)
                            .attributeNamesWithStrings(
                                    "ApproximateNumberOfMessages",
                                    "ApproximateNumberOfMessagesNotVisible",
                                    "ApproximateNumberOfMessagesDelayed"))
                    .attributesAsStrings()
                    .values()
                    .stream()
                    .mapToInt(Integer::parseInt)
                    .sum();
        }
    }
}
