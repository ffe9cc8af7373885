package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.job.JobResult.ShardStored;
import dev.holdfast.repositories.Shard;
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

    private static Shard part(String after, String last) {
        var end = last.isEmpty() ? Optional.<String>empty() : Optional.of(last);
        return new Shard(after, end, "manifest", new ShardStored(0, 0, 0, 0, 0));
    }
}
