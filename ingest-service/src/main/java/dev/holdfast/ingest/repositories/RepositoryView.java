package dev.holdfast.ingest.repositories;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.repositories.CheckRecord;
import dev.holdfast.repositories.Snapshot;
import dev.holdfast.repositories.StoredRepository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A repository as clients see it.
 *
 * @param resticUrl what {@code restic -r} takes
 * @param recoveryPassword opens it without Holdfast; told once, when it is made
 * @param snapshots how many there are
 * @param bytesStored what its backups took in it
 * @param lastSnapshot when the newest was made
 * @param lastCheck how the last check ended; {@code what}: how much data it read
 * @param lastDrill how the last drill ended; {@code what}: the snapshot
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record RepositoryView(
        @JsonProperty(required = true) String name,
        Optional<String> connection,
        @JsonProperty(required = true) String bucket,
        @JsonProperty(required = true) String prefix,
        @JsonProperty(required = true) String resticUrl,
        Optional<String> recoveryPassword,
        @JsonProperty(required = true) Instant createdAt,
        Optional<Integer> snapshots,
        Optional<Long> bytesStored,
        Optional<Instant> lastSnapshot,
        Optional<CheckRecord> lastCheck,
        Optional<CheckRecord> lastDrill) {

    static RepositoryView made(StoredRepository repository, String url, String password) {
        return of(repository, url, Optional.of(password), Optional.empty());
    }

    static RepositoryView listed(StoredRepository repository, String url) {
        return of(repository, url, Optional.empty(), Optional.empty());
    }

    /** With its snapshots, newest first. */
    static RepositoryView shown(
            StoredRepository repository,
            String url,
            List<Snapshot> snapshots,
            Optional<CheckRecord> lastCheck,
            Optional<CheckRecord> lastDrill) {
        return of(repository, url, Optional.empty(), Optional.of(snapshots), lastCheck, lastDrill);
    }

    private static RepositoryView of(
            StoredRepository repository, String url, Optional<String> password, Optional<List<Snapshot>> snapshots) {
        return of(repository, url, password, snapshots, Optional.empty(), Optional.empty());
    }

    private static RepositoryView of(
            StoredRepository repository,
            String url,
            Optional<String> password,
            Optional<List<Snapshot>> snapshots,
            Optional<CheckRecord> lastCheck,
            Optional<CheckRecord> lastDrill) {
        return new RepositoryView(
                repository.name(),
                repository.connection(),
                repository.bucket(),
                repository.prefix(),
                url,
                password,
                repository.createdAt(),
                snapshots.map(List::size),
                snapshots.map(
                        all -> all.stream().mapToLong(Snapshot::bytesStored).sum()),
                snapshots.flatMap(all -> all.stream().findFirst()).map(Snapshot::time),
                lastCheck,
                lastDrill);
    }
}
