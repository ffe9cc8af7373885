package dev.holdfast.tests;

import dev.holdfast.repositories.ConnectionTable;
import dev.holdfast.repositories.ConnectionsConfig;
import dev.holdfast.repositories.DatabaseLogins;
import dev.holdfast.repositories.KeyWrap;
import dev.holdfast.repositories.PruneTable;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.RepositoryTable;
import dev.holdfast.repositories.S3Clients;
import dev.holdfast.repositories.Secrets;
import dev.holdfast.restic.BackupRequest;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.WriterOptions;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.KeyFile;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The parts of libs/repositories, without a service: no connections, a key of zeros, cheap passwords. */
public final class RepositoryParts {

    private RepositoryParts() {}

    /** The S3 of the test run, without connections. */
    public static S3Clients clients(DynamoDbClient dynamo, String table, S3Client s3) {
        var secrets = new Secrets(new NoConnections(), _ -> Optional.empty());
        return new S3Clients(s3, new ConnectionTable(dynamo, table), secrets, List.of());
    }

    /** The databases of the test run: none. */
    public static DatabaseLogins logins(DynamoDbClient dynamo, String table) {
        return new DatabaseLogins(
                new ConnectionTable(dynamo, table), new Secrets(new NoConnections(), _ -> Optional.empty()));
    }

    /** Repositories in a bucket, known to a table {@code catalog}. */
    public static Repositories repositories(
            DynamoDbClient dynamo, String table, S3Client s3, String bucket, InstantSource clock) {
        var connections = new ConnectionTable(dynamo, table);
        var random = new SecureRandom();
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        return new Repositories(
                new RepositoryTable(dynamo, table),
                new PruneTable(dynamo, table),
                connections,
                clients(dynamo, table, s3),
                new KeyWrap(
                        Optional.empty(),
                        Optional.of(key),
                        () -> {
                            throw new AssertionError("there is no KMS here");
                        },
                        random),
                bucket,
                "fleet.tests",
                new KeyFile.Cost(16, 8, 1),
                clock,
                random);
    }

    /** A backup of one file, without a lock and without a parent. */
    public static BackupRequest oneFile(String name, byte[] content) {
        var file = new SourceFile(
                ByteString.of(name),
                Attributes.of(0644, Instant.EPOCH),
                content.length,
                () -> new ByteArrayInputStream(content));
        var root =
                new SourceDirectory(ByteString.of("root"), Attributes.of(0755, Instant.EPOCH), List.of(file)::iterator);
        return new BackupRequest(
                root, List.of("/" + name), "tests", List.of(), Optional.empty(), false, WriterOptions.defaults());
    }

    private record NoConnections() implements ConnectionsConfig {
        @Override
        public Optional<List<String>> endpoints() {
            return Optional.empty();
        }

        @Override
        public String variablePrefix() {
            return "HOLDFAST_SECRET_";
        }

        @Override
        public Optional<String> secretFolder() {
            return Optional.empty();
        }
    }
}
