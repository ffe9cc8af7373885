package dev.holdfast.repositories;

import dev.holdfast.aws.CallMeter;
import dev.holdfast.aws.CallTrace;
import dev.holdfast.core.TableNames;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.KeyFile;
import dev.holdfast.table.JobTable;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The parts for repositories, each made once; a service uses those that it injects. */
@Singleton
public class RepositoryBeans {

    private final ResourcesConfig resources;
    private final TableNames tables;

    public RepositoryBeans(ResourcesConfig resources, TableNames tables) {
        this.resources = resources;
        this.tables = tables;
    }

    @Produces
    @Singleton
    KeyWrap keyWrap(RepositoriesConfig config, Instance<KmsClient> kms, RandomGenerator random) {
        return new KeyWrap(config.kmsKey(), config.key().or(this::localKey), kms::get, random);
    }

    /** Only where nothing is secret anyway: an installation that makes its own tables, on somebody's machine. */
    private Optional<String> localKey() {
        if (!resources.provision()) return Optional.empty();
        var bytes = new byte[Id.BYTES];
        Id.hashOf("holdfast: known to everybody".getBytes(StandardCharsets.UTF_8))
                .writeTo(bytes, 0);
        return Optional.of(Base64.getEncoder().encodeToString(bytes));
    }

    /** Made when it is first needed: most local installations have no KMS. */
    @Produces
    @Singleton
    KmsClient kms() {
        return KmsClient.builder().httpClientBuilder(ApacheHttpClient.builder()).build();
    }

    void close(@Disposes KmsClient kms) {
        kms.close();
    }

    @Produces
    @Singleton
    ConnectionTable connections(DynamoDbClient dynamo) {
        return new ConnectionTable(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    Secrets secrets(ConnectionsConfig config) {
        return new Secrets(config, name -> Optional.ofNullable(System.getenv(name)));
    }

    @Produces
    @Singleton
    S3Clients clients(S3Client own, ConnectionTable connections, Secrets secrets, Metrics metrics, CallTrace trace) {
        return new S3Clients(own, connections, secrets, List.of(CallMeter.underOtherCredentials(metrics), trace));
    }

    @Produces
    @Singleton
    DatabaseLogins databaseLogins(ConnectionTable connections, Secrets secrets) {
        return new DatabaseLogins(connections, secrets);
    }

    void close(@Disposes S3Clients clients) {
        clients.close();
    }

    @Produces
    @Singleton
    RepositoryTable repositoryTable(DynamoDbClient dynamo) {
        return new RepositoryTable(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    CheckTable checkTable(DynamoDbClient dynamo) {
        return new CheckTable(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    Decisions decisions(DynamoDbClient dynamo) {
        return new Decisions(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    PruneTable pruneTable(DynamoDbClient dynamo) {
        return new PruneTable(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    SnapshotTable snapshotTable(DynamoDbClient dynamo) {
        return new SnapshotTable(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    DirectoryTable directoryTable(DynamoDbClient dynamo) {
        return new DirectoryTable(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    ShardTable shardTable(DynamoDbClient dynamo) {
        return new ShardTable(dynamo, tables.catalog());
    }

    @Produces
    @Singleton
    Repositories repositories(
            RepositoryTable table,
            PruneTable prunes,
            ConnectionTable connections,
            S3Clients clients,
            KeyWrap keys,
            InstantSource clock,
            RandomGenerator random) {
        var cluster = resources.prefix().replaceFirst("-+$", "");
        return new Repositories(
                table,
                prunes,
                connections,
                clients,
                keys,
                resources.bucket(),
                "fleet." + cluster,
                KeyFile.Cost.DEFAULT,
                clock,
                random);
    }

    @Produces
    @Singleton
    FleetLocks locks(DynamoDbClient dynamo, JobTable jobs, Repositories repositories, InstantSource clock) {
        return FleetLocks.of(dynamo, tables.catalog(), jobs, repositories, clock, FleetLocks.SETTLE);
    }
}
