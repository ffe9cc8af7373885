package dev.holdfast.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.Repository;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobLogsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final String JOB = "0190a8a4-0000-7000-8000-000000000000";
    private static final String PART = "0190a8a4-0000-8000-8000-000000000001";

    private final MemoryStorage storage = new MemoryStorage();
    private final Repository repository = Repository.init(storage, "secret");

    @Test
    void linesOfAllRunsComeInTheOrderOfTimeAndAPartHasItsOwn() throws IOException {
        store(NOW, JOB, 1, line("12:00:00.000", "begun") + line("12:00:09.000", "succeeded"));
        store(NOW.plusSeconds(3), PART, 2, line("12:00:03.000", "part"));

        var all = JobLogs.read(storage, repository, JOB, Optional.empty());
        var part = JobLogs.read(storage, repository, JOB, Optional.of(PART));

        assertThat(all.lines().stream().map(line -> line.replaceFirst(".*\"event\":\"(\\w+)\".*", "$1")))
                .containsExactly("begun", "part", "succeeded");
        assertThat(all.logs()).isEqualTo(2);
        assertThat(all.left()).isZero();
        assertThat(part.lines()).containsExactly(line("12:00:03.000", "part").strip());
        assertThat(JobLogs.read(storage, repository, PART, Optional.empty()).logs())
                .isZero();
    }

    @Test
    void onlyWhatIsOlderIsSwept() throws IOException {
        store(NOW.minusMillis(1), JOB, 1, line("11:59:59.999", "old"));
        store(NOW, JOB, 2, line("12:00:00.000", "young"));

        assertThat(JobLogs.sweep(storage, NOW)).isEqualTo(1);
        assertThat(JobLogs.read(storage, repository, JOB, Optional.empty()).lines())
                .singleElement()
                .asString()
                .contains("young");
    }

    @Test
    void manifestsAreNoLogs() {
        assertThat(JobLogs.isLog("x-fleet/jobs/" + JOB + "/" + "0".repeat(64))).isFalse();
        assertThat(JobLogs.isLog("x-fleet/jobs/" + JOB + "/log-1795780800000-" + JOB + "-7"))
                .isTrue();
    }

    private void store(Instant begun, String job, long fence, String lines) throws IOException {
        var name = new JobLogs.Name(begun, job, fence);
        JobLogs.store(storage, repository, JOB, name, lines.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(String time, String event) {
        return "{\"time\":\"2026-11-27T%sZ\",\"event\":\"%s\"}\n".formatted(time, event);
    }
}
