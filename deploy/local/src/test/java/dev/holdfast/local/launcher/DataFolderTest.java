package dev.holdfast.local.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.local.StartFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @Test
    void oneLauncherAtATime(@TempDir Path folder) {
        try (DataFolder first = DataFolder.claim(folder)) {
            assertThat(first.envFile()).doesNotExist();
            assertThatThrownBy(() -> DataFolder.claim(folder))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("already runs on " + folder);
        }
        DataFolder.claim(folder).close();
    }

    @Test
    void leftoversOfACrashedLauncherAreEnded(@TempDir Path folder) throws Exception {
        // given
        Process leftover = new ProcessBuilder("sleep", "60").start();
        note(folder, Running.One.of("worker-1", leftover.toHandle(), "", List.of()));
        // when
        DataFolder.claim(folder).close();
        // then
        assertThat(leftover.isAlive()).isFalse();
        assertThat(DataFolder.running(folder)).isEmpty();
    }

    @Test
    void aLaterProcessWithTheSameIdIsSpared(@TempDir Path folder) throws Exception {
        // given
        Process innocent = new ProcessBuilder("sleep", "60").start();
        long anHourAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
        note(folder, new Running.One("worker-1", innocent.pid(), anHourAgo, "", List.of()));
        // when
        DataFolder.claim(folder).close();
        // then
        assertThat(innocent.isAlive()).isTrue();
        innocent.destroyForcibly();
    }

    private static void note(Path folder, Running.One child) throws Exception {
        var gone = new Running.One("launcher", Integer.MAX_VALUE, 0, "", List.of());
        new Running(gone, List.of(child)).write(folder.resolve("running.json"));
    }
}
