package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.job.JobPayload.BackupShard.Piece;
import dev.holdfast.job.JobResult.BackedUp.Skipped;
import dev.holdfast.job.JobResult.ShardStored;
import dev.holdfast.repositories.Shard;
import dev.holdfast.restic.format.Id;
import dev.holdfast.worker.backup.Manifest.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BucketBackupTest {

    @Test
    void partsThatFollowOneAnotherLeaveNoGap() {
        assertThat(BucketBackup.gaps(List.of(part("", "k"), part("k", "q"), part("q", ""))))
                .isEmpty();
        assertThat(BucketBackup.gaps(List.of(part("", "")))).isEmpty();
    }

    @Test
    void whatNoPartHasIsAGap() {
        assertThat(BucketBackup.gaps(List.of())).containsExactly(KeyRange.ALL);
        assertThat(BucketBackup.gaps(List.of(part("", "c"), part("k", "q"))))
                .containsExactly(new KeyRange("c", Optional.of("k")), new KeyRange("q", Optional.empty()));
        assertThat(BucketBackup.gaps(List.of(part("c", "")))).containsExactly(new KeyRange("", Optional.of("c")));
    }

    @Test
    void overlapIsADefectAndNoBackup() {
        assertThatThrownBy(() -> BucketBackup.gaps(List.of(part("", "k"), part("b", ""))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> BucketBackup.gaps(List.of(part("", ""), part("b", ""))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void allPiecesOfAnObjectAreOneRange() {
        var parts =
                HugeObject.whole(List.of(part("k", ""), piece("a", "k", 5, 10), piece("a", "k", 0, 5), part("", "a")));

        assertThat(parts).hasSize(4);
        assertThat(BucketBackup.gaps(parts)).isEmpty();
    }

    @Test
    void objectOfWhichAPieceIsMissingIsAGap() {
        var parts = HugeObject.whole(List.of(part("", "a"), piece("a", "k", 0, 5), part("k", "")));

        assertThat(parts).hasSize(2);
        assertThat(BucketBackup.gaps(parts)).containsExactly(new KeyRange("a", Optional.of("k")));
    }

    @Test
    void objectThatWasReadAsAWholeNeedsNoPieces() {
        var whole = List.of(part("", "a"), part("a", "k"), part("k", ""));
        var all = new ArrayList<>(whole);
        all.add(piece("a", "k", 0, 5));

        assertThat(HugeObject.whole(all)).isEqualTo(whole);
    }

    @Test
    void nothingMayBeBeforeAHugeObject() {
        var parts = HugeObject.whole(List.of(
                piece("", "k", 0, 10), new Shard("", Optional.of(""), Optional.empty(), "m", NOTHING), part("k", "")));

        assertThat(parts).hasSize(3);
        assertThat(BucketBackup.gaps(parts)).isEmpty();
    }

    @Test
    void ofIndexFilesOnlyTheIdsAreKept() {
        var all = new BucketBackup.Together(new ArrayList<>(), new ArrayList<>());

        for (var index : List.of("0a".repeat(32), "0b".repeat(32)))
            all.add(manifest(List.of(new Index(index, "AAAA"))));

        assertThat(all.indexes()).containsExactly(Id.parse("0a".repeat(32)), Id.parse("0b".repeat(32)));
        assertThat(all.parts()).containsExactly(manifest(List.of()), manifest(List.of()));
    }

    private static Manifest manifest(List<Index> indexes) {
        return new Manifest(
                Optional.of("0c".repeat(32)),
                BucketTally.unmodified(7),
                List.of(new Skipped("a", "excluded")),
                List.of(Manifest.Unfinished.of(new Folder("b/"))),
                Optional.of(new Manifest.Stretch("c", 0, List.of(), Optional.empty())),
                indexes);
    }

    private static final ShardStored NOTHING = new ShardStored(0, 0, 0, 0, 0);

    private static Shard piece(String after, String last, long from, long to) {
        return new Shard(after, Optional.of(last), Optional.of(new Piece("e", 10, 0, from, to)), "manifest", NOTHING);
    }

    private static Shard part(String after, String last) {
        var end = last.isEmpty() ? Optional.<String>empty() : Optional.of(last);
        return new Shard(after, end, Optional.empty(), "manifest", NOTHING);
    }
}
