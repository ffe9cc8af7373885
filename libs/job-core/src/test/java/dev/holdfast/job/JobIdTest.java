package dev.holdfast.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JobIdTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void timeOrderedIdsSortByTime() {
        var random = new Random(1);

        var earlier = JobId.timeOrdered(NOON, random);
        var later = JobId.timeOrdered(NOON.plusMillis(1), random);

        assertThat(earlier.toString()).isLessThan(later.toString());
        assertThat(earlier.value().version()).isEqualTo(7);
        assertThat(earlier.value().variant()).isEqualTo(2);
        assertThat(earlier.value().getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
    }

    @Test
    void keyOfATenantAlwaysNamesTheSameJob() {
        var id = JobId.derived("acme", "order-1");

        assertThat(JobId.derived("acme", "order-1")).isEqualTo(id);
        assertThat(JobId.derived("acme", "order-2")).isNotEqualTo(id);
        assertThat(JobId.derived("other", "order-1")).isNotEqualTo(id);
        assertThat(JobId.derived("acm", "eorder-1")).isNotEqualTo(id);
        assertThat(id.value().version()).isEqualTo(8);
        assertThat(id.value().variant()).isEqualTo(2);
    }

    @Test
    void onlyTheFullTextFormIsRead() {
        var id = JobId.derived("acme", "order-1");

        assertThat(JobId.parse(id.toString())).contains(id);
        assertThat(JobId.parse("1-2-3-4-5")).isEmpty();
        assertThat(JobId.parse("x".repeat(36))).isEmpty();
        assertThatThrownBy(() -> JobId.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
