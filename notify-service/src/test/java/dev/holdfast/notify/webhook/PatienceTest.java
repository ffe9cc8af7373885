package dev.holdfast.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.webhook.WebhookConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final Instant EVENT = Instant.parse("2026-11-20T12:00:00Z");

    private final Patience patience = new Patience(new Config(), new Random(1));

    record Config(boolean plain, Duration timeout, Duration span, Duration firstRetry, int slots, int slotsPerEndpoint)
            implements WebhookConfig {
        Config() {
            this(true, Duration.ofMillis(500), Duration.ofHours(24), Duration.ofSeconds(5), 10, 4);
        }
    }

    private Optional<Duration> after(Duration age) {
        return patience.next(EVENT, EVENT.plus(age), Optional.empty());
    }

    @Test
    void waitsDoubleUpToAnHour() {
        assertThat(after(Duration.ZERO))
                .get()
                .satisfies(wait -> assertThat(wait).isBetween(seconds(4), seconds(6)));
        assertThat(after(seconds(60))).get().satisfies(wait -> assertThat(wait).isBetween(seconds(48), seconds(72)));
        assertThat(after(Duration.ofHours(9)))
                .get()
                .satisfies(wait -> assertThat(wait).isBetween(seconds(2_880), seconds(4_320)));
    }

    @Test
    void fewCallsAreEnoughForTheWholeSpan() {
        var now = EVENT;
        var calls = 1;
        for (var wait = patience.next(EVENT, now, Optional.empty());
                wait.isPresent();
                wait = patience.next(EVENT, now, Optional.empty())) {
            now = now.plus(wait.get());
            calls++;
        }

        assertThat(calls).isBetween(30, 45);
        assertThat(Duration.between(EVENT, now)).isBetween(Duration.ofHours(24), Duration.ofHours(26));
    }

    @Test
    void itIsOverWhenTheSpanIs() {
        assertThat(after(Duration.ofHours(24).minusMillis(1))).isPresent();
        assertThat(after(Duration.ofHours(24))).isEmpty();
    }

    @Test
    void longerWaitThatTheEndpointAsksForIsHeeded() {
        assertThat(patience.next(EVENT, EVENT, Optional.of(seconds(600)))).contains(seconds(600));
        assertThat(patience.next(EVENT, EVENT, Optional.of(Duration.ofDays(300))))
                .contains(Duration.ofHours(11));
        assertThat(patience.next(EVENT, EVENT, Optional.of(seconds(1))))
                .get()
                .satisfies(wait -> assertThat(wait).isGreaterThanOrEqualTo(seconds(4)));
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
