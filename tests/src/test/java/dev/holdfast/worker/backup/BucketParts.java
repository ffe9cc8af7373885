package dev.holdfast.worker.backup;

import dev.holdfast.metrics.Metrics;
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
                catalogue(at),
                buckets(at, repositories, new Workplaces(repositories, locks, new Config(), at.clock())));
    }

    private static BackupCatalogue catalogue(Workplace at) {
        return new BackupCatalogue(new SnapshotTable(at.dynamo(), at.tables().catalog()), at.jobs(), at.clock());
    }

    private static BucketBackup buckets(Workplace at, Repositories repositories, Workplaces workplaces) {
        var table = at.tables().catalog();
        var buckets = new Buckets(
                RepositoryParts.clients(at.dynamo(), table, at.s3()), repositories, new Config(), at.resources());
        var manifests = new Manifests(repositories);
        var shards = new ShardTable(at.dynamo(), table);
        var metrics = new Metrics(new SimpleMeterRegistry());
        var parts =
                new BucketShards(workplaces, buckets, manifests, shards, at.jobs(), metrics, new Config(), at.clock());
        var end = new BucketEnd(catalogue(at), manifests, at.clock());
        return new BucketBackup(buckets, parts, end, catalogue(at), shards, at.jobs(), new Config());
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
        public Duration shardTime() {
            return Duration.ofMinutes(10);
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
