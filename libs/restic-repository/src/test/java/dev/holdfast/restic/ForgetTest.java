package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.KeepPolicy.Age;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForgetTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

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

    private static List<String> kept(KeepPolicy policy, String... times) {
        var snapshots = Arrays.stream(times).map(it -> at(it)).toList();
        return Forget.plan(snapshots, policy, NOW).getFirst().keep().stream()
                .map(it -> it.snapshot().time().toString())
                .toList();
    }

    @Test
    void dailyKeepsTheNewestOfEachDayAndTheVeryOldest() {
        assertThat(kept(
                        KeepPolicy.none().withCounts(0, 0, 3, 0, 0, 0),
                        "2020-01-01T01:00Z",
                        "2020-01-01T02:00Z",
                        "2020-01-02T01:00Z",
                        "2020-01-02T02:00Z"))
                .containsExactly("2020-01-02T02:00Z", "2020-01-01T02:00Z", "2020-01-01T01:00Z");
    }

    @Test
    void daysAreThoseOfThePlaceOfTheSnapshot() {
        assertThat(kept(
                        KeepPolicy.none().withCounts(0, 0, 2, 0, 0, 0),
                        "2020-01-01T23:30+05:00",
                        "2020-01-02T00:30+05:00",
                        "2020-01-02T01:30+05:00"))
                .containsExactly("2020-01-02T01:30+05:00", "2020-01-01T23:30+05:00");
    }

    @Test
    void weeksAreIsoWeeks() {
        // 2020-12-31 and 2021-01-03 are both in week 53 of 2020.
        assertThat(kept(
                        KeepPolicy.none().withCounts(0, 0, 0, 2, 0, 0),
                        "2020-12-20T00:00Z",
                        "2020-12-31T00:00Z",
                        "2021-01-03T00:00Z"))
                .containsExactly("2021-01-03T00:00Z", "2020-12-20T00:00Z");
    }

    @Test
    void minusOneKeepsAll() {
        assertThat(kept(KeepPolicy.last(-1), "2020-01-01T00:00Z", "2020-01-01T00:01Z"))
                .hasSize(2);
    }

    @Test
    void withinCountsFromTheNewestSnapshotAndItsLimitIsOutside() {
        assertThat(kept(
                        KeepPolicy.none().withWithin(new Age(0, 0, 1, 2)),
                        "2020-01-01T00:00Z",
                        "2020-01-01T00:00:01Z",
                        "2020-01-02T02:00Z"))
                .containsExactly("2020-01-02T02:00Z", "2020-01-01T00:00:01Z");
    }

    @Test
    void monthsAreCountedAsGoDoes() {
        var time = OffsetDateTime.parse("2021-03-31T12:00Z");
        assertThat(new Age(0, 1, 0, 0).before(time)).isEqualTo("2021-03-03T12:00Z");
        assertThat(new Age(1, 1, 1, 13).before(time)).isEqualTo("2020-02-29T23:00Z");
    }

    @Test
    void aTagListKeepsSnapshotsThatHaveAllOfIt() {
        var snapshots =
                List.of(at("2020-01-01T00:00Z", "a"), at("2020-01-02T00:00Z", "a", "b"), at("2020-01-03T00:00Z"));
        var policy = KeepPolicy.none().withTags(List.of(List.of("a", "b")));
        assertThat(Forget.plan(snapshots, policy, NOW).getFirst().keep()).containsExactly(snapshots.get(1));
    }

    @Test
    void nothingIsForgottenWithoutARuleOrIfAllWouldGo() {
        var one = List.of(at("2020-01-01T00:00Z"));
        assertThatThrownBy(() -> Forget.plan(one, KeepPolicy.none(), NOW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Forget.plan(one, KeepPolicy.none().withTags(List.of(List.of("x"))), NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
