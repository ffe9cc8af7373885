package dev.holdfast.restic;

import dev.holdfast.restic.KeepPolicy.Age;
import dev.holdfast.restic.format.Id;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToLongFunction;

/** Removes snapshots by a policy. The data goes later, with {@link Prune}. */
public final class Forget {
    private Forget() {}

    /** Snapshots of one host and one set of paths; the policy counts in each group for itself. Newest first. */
    public record Group(String hostname, List<String> paths, List<StoredSnapshot> keep, List<StoredSnapshot> remove) {
        public Group {
            keep = List.copyOf(keep);
            remove = List.copyOf(remove);
        }
    }

    /**
     * Removes what the policy does not keep, under an exclusive lock.
     *
     * @return what was done
     * @throws IllegalArgumentException if the policy has no rule, or a group would lose all its snapshots
     */
    public static List<Group> forget(Repository repository, KeepPolicy policy) {
        try (var lock = repository.lock(RepositoryLock.Kind.EXCLUSIVE)) {
            var groups = plan(
                    repository.snapshots(),
                    policy,
                    repository.environment().clock().instant());
            for (var group : groups) {
                lock.keep();
                repository
                        .objects()
                        .delete(group.remove().stream()
                                .map(it -> ObjectStore.key("snapshots", it.id()))
                                .toList());
            }
            return groups;
        }
    }

    /** Removes snapshots; one that is not there is no error. Somebody holds a lock for us. */
    public static void remove(Repository repository, List<Id> snapshots) {
        repository
                .objects()
                .delete(snapshots.stream()
                        .map(id -> ObjectStore.key("snapshots", id))
                        .toList());
    }

    /** What {@link #forget} would do at {@code now}; removes nothing. */
    public static List<Group> plan(List<StoredSnapshot> snapshots, KeepPolicy policy, Instant now) {
        if (policy.isEmpty()) throw new IllegalArgumentException("a policy without a rule would remove everything");
        record Key(String hostname, List<String> paths) {}
        var groups = new LinkedHashMap<Key, List<StoredSnapshot>>();
        for (var snapshot : snapshots) {
            var paths = snapshot.snapshot().paths().stream().sorted().toList();
            groups.computeIfAbsent(new Key(snapshot.snapshot().hostname(), paths), _ -> new ArrayList<>())
                    .add(snapshot);
        }
        var planned = new ArrayList<Group>();
        groups.forEach((key, members) -> planned.add(plan(key.hostname(), key.paths(), members, policy, now)));
        return planned;
    }

    private static Group plan(
            String hostname, List<String> paths, List<StoredSnapshot> members, KeepPolicy policy, Instant now) {
        var newestFirst = new ArrayList<>(members);
        newestFirst.sort(
                Comparator.comparing((StoredSnapshot it) -> it.snapshot().time().toInstant())
                        .reversed());
        var latest = newestFirst.stream()
                .map(it -> it.snapshot().time())
                .filter(time -> time.toInstant().isBefore(now))
                .findFirst();
        var rules = rules(policy, latest.orElse(OffsetDateTime.MIN));
        var keep = new ArrayList<StoredSnapshot>();
        var remove = new ArrayList<StoredSnapshot>();
        for (int i = 0; i < newestFirst.size(); i++) {
            var snapshot = newestFirst.get(i);
            boolean oldest = i == newestFirst.size() - 1;
            boolean wanted = policy.tags().stream().anyMatch(snapshot.snapshot().tags()::containsAll);
            for (var rule : rules) wanted |= rule.wants(snapshot.snapshot().time(), i, oldest);
            (wanted ? keep : remove).add(snapshot);
        }
        if (keep.isEmpty()) {
            throw new IllegalArgumentException("the policy would remove every snapshot of " + hostname + " " + paths);
        }
        return new Group(hostname, paths, keep, remove);
    }

    private static List<Rule> rules(KeepPolicy policy, OffsetDateTime latest) {
        ToLongFunction<OffsetDateTime> hour = time -> day(time) * 100 + time.getHour();
        ToLongFunction<OffsetDateTime> week =
                time -> time.get(IsoFields.WEEK_BASED_YEAR) * 100L + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
        ToLongFunction<OffsetDateTime> month = time -> time.getYear() * 100L + time.getMonthValue();
        return List.of(
                new Rule(policy.last(), OffsetDateTime.MIN, Rule.EACH),
                new Rule(policy.hourly(), OffsetDateTime.MIN, hour),
                new Rule(policy.daily(), OffsetDateTime.MIN, Forget::day),
                new Rule(policy.weekly(), OffsetDateTime.MIN, week),
                new Rule(policy.monthly(), OffsetDateTime.MIN, month),
                new Rule(policy.yearly(), OffsetDateTime.MIN, OffsetDateTime::getYear),
                within(policy.within(), latest, Rule.EACH),
                within(policy.withinHourly(), latest, hour),
                within(policy.withinDaily(), latest, Forget::day),
                within(policy.withinWeekly(), latest, week),
                within(policy.withinMonthly(), latest, month),
                within(policy.withinYearly(), latest, OffsetDateTime::getYear));
    }

    private static long day(OffsetDateTime time) {
        return time.getYear() * 10_000L + time.getMonthValue() * 100L + time.getDayOfMonth();
    }

    private static Rule within(Age age, OffsetDateTime latest, ToLongFunction<OffsetDateTime> bucket) {
        if (age.equals(Age.ZERO) || latest.equals(OffsetDateTime.MIN)) return new Rule(0, OffsetDateTime.MIN, bucket);
        return new Rule(-1, age.before(latest), bucket);
    }

    /**
     * Keeps the newest snapshot of each hour, day … while its count lasts; the very oldest too, if some count is left.
     */
    private static final class Rule {
        /** Every snapshot has a bucket of its own. */
        static final ToLongFunction<OffsetDateTime> EACH = _ -> Long.MIN_VALUE;

        private final OffsetDateTime after;
        private final ToLongFunction<OffsetDateTime> bucket;
        private int left;
        private long lastBucket = -1;

        Rule(int count, OffsetDateTime after, ToLongFunction<OffsetDateTime> bucket) {
            this.left = count;
            this.after = after;
            this.bucket = bucket;
        }

        boolean wants(OffsetDateTime time, int position, boolean oldest) {
            if (left == 0 || !time.toInstant().isAfter(after.toInstant())) return false;
            long current = bucket.applyAsLong(time);
            if (current == Long.MIN_VALUE) current = position;
            if (current == lastBucket && !oldest) return false;
            lastBucket = current;
            if (left > 0) left--;
            return true;
        }
    }
}
