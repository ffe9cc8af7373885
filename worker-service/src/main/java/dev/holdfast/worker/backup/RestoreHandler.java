package dev.holdfast.worker.backup;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.catalog.Snapshot;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.job.RestoreTarget;
import dev.holdfast.run.Run;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Brings a snapshot's file back, by a URL from which it can be fetched. */
@Singleton
public final class RestoreHandler {

    private static final Duration URL_LIFETIME = Duration.ofHours(24);

    private final Catalog catalog;
    private final ObjectStore store;

    RestoreHandler(Catalog catalog, ObjectStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /** Restores the payload's snapshot. */
    public Outcome handle(Run run, JobPayload.Restore restore) {
        var tenant = run.job().tenant();
        if (!catalog.hasRepository(tenant, restore.repository())) {
            return new Rejected("repository-not-found", "There is no repository " + restore.repository() + ".");
        }
        var matching = catalog.matching(tenant, restore.repository(), restore.snapshot());
        if (matching.size() > 1) {
            return new Rejected("snapshot-ambiguous", "Several snapshots begin with " + restore.snapshot() + ".");
        }
        if (matching.isEmpty()) {
            return new Rejected("snapshot-not-found", "There is no snapshot " + restore.snapshot() + ".");
        }
        var file = file(matching.getFirst(), restore.path());
        if (file.isEmpty()) {
            return new Rejected("path-not-found", "The snapshot has no such file.");
        }
        return switch (restore.target()) {
            case RestoreTarget.Download() ->
                new Succeeded(new JobResult.Restored(
                        1,
                        file.get().size(),
                        store.presign(
                                tenant,
                                restore.repository(),
                                file.get().sha256(),
                                file.get().path(),
                                URL_LIFETIME)));
        };
    }

    private static Optional<Snapshot.File> file(Snapshot snapshot, Optional<String> path) {
        return snapshot.files().stream()
                .filter(file -> path.isEmpty() || file.path().equals(path.get().replaceFirst("^/+", "")))
                .findFirst();
    }
}
