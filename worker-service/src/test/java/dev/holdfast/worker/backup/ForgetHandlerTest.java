package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.Forget;
import dev.holdfast.restic.KeepPolicy;
import dev.holdfast.restic.StoredSnapshot;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForgetHandlerTest {

    private static final StoredSnapshot OLD = at("2026-01-01T00:00Z");
    private static final StoredSnapshot GOOD = at("2026-01-02T00:00Z");
    private static final StoredSnapshot PARTIAL = at("2026-01-03T00:00Z", "partial");

    @Test
    void newestSnapshotThatIsWholeStays() {
        assertThat(removed(OLD, GOOD, PARTIAL)).containsExactly(OLD);
    }

    @Test
    void wholeSnapshotsGoByTheRules() {
        assertThat(removed(OLD, PARTIAL, at("2026-01-04T00:00Z"))).containsExactly(PARTIAL, OLD);
    }

    /** By the rule that one stays. */
    private static List<StoredSnapshot> removed(StoredSnapshot... snapshots) {
        var groups = Forget.plan(List.of(snapshots), KeepPolicy.last(1), Instant.parse("2026-02-01T00:00:00Z"));
        return ForgetHandler.sparingTheLastGood(groups.getFirst());
    }

    private static StoredSnapshot at(String time, String... tags) {
        var id = Id.hashOf(time.getBytes(StandardCharsets.UTF_8));
        return new StoredSnapshot(
                id,
                new Snapshot(
                        OffsetDateTime.parse(time),
                        Optional.empty(),
                        id,
                        List.of("/p"),
                        "h",
                        "",
                        0,
                        0,
                        List.of(),
                        List.of(tags),
                        Optional.empty(),
                        "",
                        Optional.empty()));
    }
}
