package dev.holdfast.worker.backup;

import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.repositories.Connection;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.S3Clients;
import dev.holdfast.repositories.StoredRepository;
import dev.holdfast.resources.ResourcesConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Finds the buckets that are backed up. */
@Singleton
final class Buckets {

    private static final int TIMED_OUT = 408;
    private static final int TOO_MANY = 429;

    private final S3Clients clients;
    private final Repositories repositories;
    private final OpenBuckets open;

    Buckets(S3Clients clients, Repositories repositories, BackupConfig config, ResourcesConfig resources) {
        this.clients = clients;
        this.repositories = repositories;
        this.open = OpenBuckets.of("holdfast.backup.buckets", config.buckets(), resources.bucket());
    }

    /** Holdfast's own credentials are not for that bucket. */
    private static final class ClosedException extends RuntimeException {
        private ClosedException(String bucket) {
            super(("The operator allows no backup of bucket %s without a connection: name one of yours at"
                            + " /payload/source/connection.")
                    .formatted(bucket));
        }
    }

    /**
     * The bucket of a source, by the tenant's own connection or, if the operator allows it, without one.
     *
     * @throws S3Clients.UnusableConnectionException when the connection cannot be used
     */
    Bucket find(String tenant, BackupSource.S3 source) {
        if (source.connection().isEmpty()
                && !open.allow(tenant, source.bucket(), source.prefix().orElse(""))) {
            throw new ClosedException(source.bucket());
        }
        var s3 = clients.of(tenant, source.connection());
        return new Bucket(s3, source.bucket(), source.prefix().orElse(""));
    }

    /** What the keys of the repository's own objects begin with, if it lies in that very bucket. */
    Optional<String> ownPrefix(BackupSource.S3 source, StoredRepository stored) {
        var endpoint = source.connection().isEmpty()
                ? Optional.of(repositories.ownEndpoint())
                : repositories
                        .connection(stored.tenant(), source.connection().get())
                        .map(Connection::endpoint);
        var place = endpoint.map(url -> "s3:" + url + "/" + source.bucket() + "/");
        return place.filter(repositories.resticUrl(stored)::startsWith)
                .map(bucket -> stored.prefix().isEmpty() ? "" : stored.prefix() + "/");
    }

    /** Work that reads a bucket. */
    @FunctionalInterface
    interface Reading {
        Outcome read() throws IOException;
    }

    /** Does it. That the bucket is not there, or is closed to whoever asks for it, is an outcome. */
    Outcome read(BackupSource.S3 source, Reading reading) throws IOException {
        try {
            return reading.read();
        } catch (ClosedException e) {
            return new Rejected("bucket-not-allowed", String.valueOf(e.getMessage()));
        } catch (Bucket.UnorderedException e) {
            return new Rejected("source-unreadable", String.valueOf(e.getMessage()));
        } catch (S3Exception e) {
            var status = e.statusCode();
            if (status < 400 || status >= 500 || status == TIMED_OUT || status == TOO_MANY) throw e;
            var why = Optional.ofNullable(e.awsErrorDetails())
                    .map(details -> details.errorCode() + ", " + details.errorMessage())
                    .orElse("");
            return new Rejected(
                    "source-unreadable",
                    "The bucket %s cannot be read: %d %s"
                            .formatted(source.bucket(), status, why)
                            .strip());
        }
    }
}
