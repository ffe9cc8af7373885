package dev.holdfast.worker.backup;

import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.RestoreTarget;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.restic.RestoreResult;
import dev.holdfast.restic.RestoreSink;
import dev.holdfast.run.Run;
import jakarta.inject.Singleton;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/**
 * Restores into the bucket of a tenant's connection, or into one that the operator opens to the tenant; never into
 * Holdfast's own, where everybody's data lies.
 */
@Singleton
final class BucketRestores {

    private final Repositories repositories;
    private final OpenBuckets open;

    BucketRestores(Repositories repositories, RestoreConfig config, ResourcesConfig resources) {
        this.repositories = repositories;
        this.open = OpenBuckets.of("holdfast.restore.buckets", config.buckets(), resources.bucket());
    }

    /** Where in a bucket it goes; {@code prefix} is empty or ends with a slash. */
    record Place(S3Client s3, String bucket, String prefix) {

        /** {@code restore} does it into a sink. A run that repeats another one writes the same objects again. */
        RestoreResult fill(Run run, Function<RestoreSink, RestoreResult> restore) {
            try (var sink = new BucketSink(object -> new S3Upload(s3, bucket, object), prefix, run::ensureMine)) {
                var restored = restore.apply(sink);
                sink.finish();
                return restored;
            }
        }
    }

    /** Does {@code work} with the target if it may be written to. */
    Outcome with(Run run, RestoreTarget.S3 target, Function<Place, Outcome> work) {
        var prefix =
                target.prefix().isEmpty() || target.prefix().endsWith("/") ? target.prefix() : target.prefix() + "/";
        if (target.connection().isEmpty()) {
            if (open.allow(run.job().tenant(), target.bucket(), prefix)) {
                return work(new Place(repositories.ownS3(), target.bucket(), prefix), work);
            }
            return new Rejected(
                    "bucket-not-allowed",
                    ("The operator allows no restore to %s in bucket %s without a connection: name one of yours at"
                                    + " /payload/target/connection.")
                            .formatted(prefix.isEmpty() ? "any key" : prefix, target.bucket()));
        }
        var name = target.connection().get();
        var connection = repositories.connection(run.job().tenant(), name);
        if (connection.isEmpty()) return new Rejected("connection-not-found", "There is no connection " + name + ".");
        if (repositories.isOwnBucket(connection.get().endpoint(), target.bucket())) {
            return new Rejected("bucket-not-allowed", "Bucket " + target.bucket() + " is Holdfast's own.");
        }
        return work(new Place(repositories.s3(connection.get()), target.bucket(), prefix), work);
    }

    private static Outcome work(Place place, Function<Place, Outcome> work) {
        try {
            return work.apply(place);
        } catch (NoSuchBucketException none) {
            return new Rejected("bucket-not-found", "There is no bucket " + place.bucket() + ".");
        }
    }
}
