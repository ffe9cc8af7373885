package dev.holdfast.notify;

import dev.holdfast.core.TableNames;
import dev.holdfast.dynamo.Item;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobState;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.NotificationTable;
import dev.holdfast.mail.NotificationTable.Claim;
import dev.holdfast.run.JobQueues;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Keeps storms of mails from readers. The first failure of a schedule is told at once; the same failure again, within a
 * while, is counted, and the count is told at the end of that while. And of more mails about jobs than a reader can
 * want within a few minutes, those that are too many are counted and told by one.
 *
 * <p>What is counted stands in a row of its own in the table {@code notifications}. Each mail is settled and counted in
 * one transaction, so none is told twice or lost. An alert that is due at the end of the while is put on the events
 * queue before the first is counted: the queue is the clock.
 */
@Singleton
final class Gathering {

    /** Opened by no single mail; and equal to the opener of no row. */
    private static final String NOBODY = "-";

    private static final String TALLY = "n:";
    private static final String SCHEDULE = "schedule";
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final int LOCKS = 64;

    private final DynamoDbClient dynamo;
    private final String table;
    private final NotificationTable notifications;
    private final JobQueues queues;
    private final DeliveryConfig config;
    private final InstantSource clock;
    private final Map<String, Burst> bursts = new ConcurrentHashMap<>();
    private final Object[] locks = new Object[LOCKS];

    /** How many mails an address got from this process since then. */
    private record Burst(Instant since, AtomicInteger mails) {}

    Gathering(
            DynamoDbClient dynamo,
            TableNames tables,
            NotificationTable notifications,
            JobQueues queues,
            DeliveryConfig config,
            InstantSource clock) {
        this.dynamo = dynamo;
        this.table = tables.notifications();
        this.notifications = notifications;
        this.queues = queues;
        this.config = config;
        this.clock = clock;
        for (var i = 0; i < LOCKS; i++) locks[i] = new Object();
    }

    /** Counts the mail, if it is not to be sent; false: it is. */
    boolean gather(Claim.Mine mine, Job job) throws InterruptedException {
        var schedule = job.spec().labels().getOrDefault(SCHEDULE, "");
        if (job.state() == JobState.FAILED && !schedule.isEmpty()) {
            var row = rowId(job.tenant(), SCHEDULE + "#" + schedule + "#" + code(job), mine.recipient());
            var open = open(row, mine.id(), config.repeatWindow());
            if (open.isEmpty()) return false;
            count(mine, job, row, open.get());
            return true;
        }
        if (!isTooMuch(job.tenant(), mine.recipient())) return false;
        var row = rowId(job.tenant(), "burst", mine.recipient());
        open(row, NOBODY, config.burstWindow());
        count(mine, job, row, read(row));
        return true;
    }

    private static String rowId(String tenant, String what, String recipient) {
        return "gathered#" + tenant + "#" + what + "#" + recipient.toLowerCase(Locale.ROOT);
    }

    private static String code(Job job) {
        return job.error().map(JobError::code).orElse("");
    }

    private boolean isTooMuch(String tenant, String recipient) {
        var now = clock.instant();
        var key = tenant + "#" + recipient.toLowerCase(Locale.ROOT);
        if (bursts.size() > 100_000) bursts.values().removeIf(burst -> isOver(burst, now));
        var burst = bursts.compute(
                key, (any, known) -> known == null || isOver(known, now) ? new Burst(now, new AtomicInteger()) : known);
        return burst.mails().incrementAndGet() > config.burst();
    }

    private boolean isOver(Burst burst, Instant now) {
        return burst.since().plus(config.burstWindow()).isBefore(now);
    }

    /**
     * Opens the while for the first of them, which is to be sent; or returns what is open already. The first may come
     * again, if it could not be sent: what was counted meanwhile stays counted.
     */
    private Optional<Item> open(String row, String opener, Duration window) {
        var now = clock.instant();
        try {
            dynamo.putItem(put -> put.tableName(table)
                    .item(Item.empty()
                            .with("id", row)
                            .with("opener", opener)
                            .with("gathered", 0)
                            .with("since", now)
                            .with("until", now.plus(window))
                            .with("ttl", now.plus(window).plus(RETENTION).getEpochSecond())
                            .attributes())
                    .conditionExpression("attribute_not_exists(id) OR (opener = :me AND gathered = :zero) OR "
                            + "(#until <= :now AND gathered = :zero AND attribute_not_exists(telling))")
                    .expressionAttributeNames(Map.of("#until", "until"))
                    .expressionAttributeValues(Item.empty()
                            .with(":me", opener.equals(NOBODY) ? "nobody" : opener)
                            .with(":now", now)
                            .with(":zero", 0)
                            .attributes())
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return Optional.empty();
        } catch (ConditionalCheckFailedException isOpen) {
            var present = isOpen.hasItem() ? Item.of(isOpen.item()) : read(row);
            var isFirstAgain = !opener.equals(NOBODY) && present.text("opener").equals(opener);
            return isFirstAgain ? Optional.empty() : Optional.of(present);
        }
    }

    private Item read(String row) {
        return Item.of(dynamo.getItem(
                        get -> get.tableName(table).key(Item.key("id", row)).consistentRead(true))
                .item());
    }

    private void count(Claim.Mine mine, Job job, String row, Item open) throws InterruptedException {
        for (var seen = open; !isCounted(mine, job, row, seen); ) seen = read(row);
    }

    /**
     * Counts in the while that was seen open, of which somebody has seen to it that it is told. False: it is over, what
     * was counted then is being told, and this would be told by nobody.
     */
    private boolean isCounted(Claim.Mine mine, Job job, String row, Item seen) throws InterruptedException {
        var until = seen.time("until");
        if (seen.numberOrZero("gathered") == 0) remind(job.tenant(), mine.recipient(), row, until);
        var what = (job.spec().type().wireName() + " " + job.state() + " " + code(job)).strip();
        var count = TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Item.key("id", row))
                        .updateExpression("SET lastJob = :job ADD gathered :one, #tally :one")
                        .conditionExpression("#until = :until")
                        .expressionAttributeNames(Map.of("#tally", TALLY + what, "#until", "until"))
                        .expressionAttributeValues(Item.empty()
                                .with(":job", job.id().toString())
                                .with(":one", 1)
                                .with(":until", until)
                                .attributes()))
                .build();
        synchronized (locks[Math.floorMod(row.hashCode(), LOCKS)]) { // transactions on one row get in each other's way
            return notifications.gathered(mine, count);
        }
    }

    /** Puts an alert on the queue that comes to be told at that time. */
    private void remind(String tenant, String recipient, String row, Instant until) throws InterruptedException {
        queues.alert(
                Alert.of(
                        MailKind.MANY,
                        tenant,
                        row + "#" + until.toEpochMilli(),
                        java.util.List.of(recipient),
                        until,
                        Map.of(Fact.GATHERED, row)),
                Duration.between(clock.instant(), until));
    }

    /**
     * What was gathered.
     *
     * @param key tells that it is the same that is told again
     * @param tallies how many of what
     */
    record Gathered(
            String row,
            String key,
            long count,
            Instant since,
            Instant until,
            Map<String, String> tallies,
            String lastJob) {}

    /** Takes out what was gathered, to be told; the same again until {@link #told}. Empty: nothing was. */
    Optional<Gathered> takeOut(String row) {
        var now = clock.instant();
        var item = read(row);
        while (!item.has("telling") && item.numberOrZero("gathered") > 0) item = takeOut(row, item, now);
        if (!item.has("telling")) return Optional.empty();
        return Optional.of(new Gathered(
                row,
                row + "#" + item.number("tellingFrom"),
                item.number("telling"),
                item.time("tellingFrom"),
                item.time("tellingUntil"),
                item.textMap("tallies"),
                item.optionalText("lastJob").orElse("")));
    }

    /** Takes out all that is counted by then; where more was meanwhile, the item as it is now. */
    private Item takeOut(String row, Item item, Instant now) {
        var names = new java.util.HashMap<>(Map.of("#until", "until"));
        var values = Item.empty()
                .with(":minus", -item.number("gathered"))
                .with(":count", item.number("gathered"))
                .with(":from", item.time("since"))
                .with(":now", now)
                .with(
                        ":until",
                        now.plus(row.contains("#" + SCHEDULE + "#") ? config.repeatWindow() : config.burstWindow()));
        var tallies = new java.util.TreeMap<String, String>();
        var minus = new StringBuilder();
        for (var name : item.attributes().keySet()) {
            if (!name.startsWith(TALLY) || item.number(name) == 0) continue;
            var i = tallies.size();
            tallies.put(name.substring(TALLY.length()), Long.toString(item.number(name)));
            names.put("#t" + i, name);
            values.with(":t" + i, -item.number(name));
            minus.append(", #t").append(i).append(" :t").append(i);
        }
        values.with(":tallies", tallies);
        try {
            return Item.of(dynamo.updateItem(update -> update.tableName(table)
                            .key(Item.key("id", row))
                            .updateExpression("SET telling = :count, tallies = :tallies, tellingFrom = :from, "
                                    + "tellingUntil = :now, since = :now, #until = :until, opener = :nobody "
                                    + "ADD gathered :minus" + minus)
                            .conditionExpression("attribute_not_exists(telling) AND gathered = :count")
                            .expressionAttributeNames(names)
                            .expressionAttributeValues(
                                    values.with(":nobody", NOBODY).attributes())
                            .returnValues("ALL_NEW"))
                    .attributes());
        } catch (ConditionalCheckFailedException another) {
            return read(row);
        }
    }

    /**
     * It was told.
     *
     * @return whether more has been counted in a while that is over too: its alert came while this was being told
     */
    boolean told(Gathered gathered) {
        try {
            var left = Item.of(dynamo.updateItem(update -> update.tableName(table)
                            .key(Item.key("id", gathered.row()))
                            .updateExpression("REMOVE telling, tallies, tellingFrom, tellingUntil")
                            .conditionExpression("tellingUntil = :until")
                            .expressionAttributeValues(Item.empty()
                                    .with(":until", gathered.until())
                                    .attributes())
                            .returnValues("ALL_NEW"))
                    .attributes());
            return left.numberOrZero("gathered") > 0 && !left.time("until").isAfter(clock.instant());
        } catch (ConditionalCheckFailedException already) {
            return false; // by another
        }
    }
}
