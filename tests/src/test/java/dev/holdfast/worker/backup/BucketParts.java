package dev.holdfast.worker.backup;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.repositories.DirectoryTable;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.ShardTable;
import dev.holdfast.repositories.SnapshotTable;
import dev.holdfast.testing.Workplace;
import dev.holdfast.tests.RepositoryParts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the handler of backups is made of, without a service. */
record BucketParts(Workplaces workplaces, BackupCatalogue catalogue, BucketBackup buckets) {

    BucketParts(Workplace at, Repositories repositories, FleetLocks locks) {
        this(
                new Workplaces(repositories, locks, new Config(), at.clock()),
                catalogue(at, locks),
                buckets(at, repositories, locks, new Workplaces(repositories, locks, new Config(), at.clock())));
    }

    static Browsing browsing(Workplace at, FleetLocks locks) {
        return new Browsing(new DirectoryTable(at.dynamo(), at.tables().catalog()), locks, new Config());
    }

    private static BackupCatalogue catalogue(Workplace at, FleetLocks locks) {
        return new BackupCatalogue(
                new SnapshotTable(at.dynamo(), at.tables().catalog()), browsing(at, locks), at.jobs(), at.clock());
    }

    private static BucketBackup buckets(
            Workplace at, Repositories repositories, FleetLocks locks, Workplaces workplaces) {
        var table = at.tables().catalog();
        var buckets = new Buckets(
                RepositoryParts.clients(at.dynamo(), table, at.s3()), repositories, new Config(), at.resources());
        var manifests = new Manifests(repositories);
        var shards = new ShardTable(at.dynamo(), table);
        var metrics = new Metrics(new SimpleMeterRegistry());
        var parts = new BucketShards(
                workplaces,
                buckets,
                manifests,
                browsing(at, locks),
                shards,
                at.jobs(),
                metrics,
                new Config(),
                at.clock());
        var catalogue = catalogue(at, locks);
        var end = new BucketEnd(catalogue, manifests, at.clock());
        return new BucketBackup(buckets, parts, end, catalogue, shards, at.jobs());
    }

    record Config() implements BackupConfig {
        @Override
        public int atOnce() {
            return 2;
        }

        @Override
        public int shardObjects() {
            return 10_000;
        }

        @Override
        public long shardBytes() {
            return 1L << 32;
        }

        @Override
        public long pieceBytes() {
            return 1L << 30;
        }

        @Override
        public Duration shardTime() {
            return Duration.ofMinutes(10);
        }

        @Override
        public boolean browse() {
            return true;
        }

        @Override
        public Duration keepLogs() {
            return Duration.ofDays(90);
        }

        @Override
        public Optional<List<String>> tables() {
            return Optional.empty();
        }

        @Override
        public Optional<List<String>> roots() {
            return Optional.empty();
        }

        @Override
        public Optional<List<String>> buckets() {
            return Optional.empty();
        }
    }
}
