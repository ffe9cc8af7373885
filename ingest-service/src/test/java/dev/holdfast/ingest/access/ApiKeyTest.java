package dev.holdfast.ingest.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiKeyTest {

    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    @Test
    void keyIsReadAsItWasWritten() {
        var full = new ApiKey(
                "hf_abcd1234",
                "acme",
                "billing",
                Set.of(Scope.JOBS_READ, Scope.ADMIN),
                "00ff",
                NOW,
                Optional.of(NOW.plusSeconds(1)),
                Optional.of(NOW.plusSeconds(2)),
                Optional.of(NOW.plusSeconds(3)),
                Optional.of("hf_efgh5678"));

        assertThat(ApiKey.of(full.item())).isEqualTo(full);
        assertThat(ApiKey.of(ending(Optional.empty()).item())).isEqualTo(ending(Optional.empty()));
    }

    @Test
    void keyIsExpiredFromItsEndOn() {
        var key = ending(Optional.of(NOW));

        assertThat(key.state(NOW.minusMillis(1))).isEqualTo(ApiKey.State.ACTIVE);
        assertThat(key.state(NOW)).isEqualTo(ApiKey.State.EXPIRED);
        assertThat(ending(Optional.empty()).state(Instant.MAX)).isEqualTo(ApiKey.State.ACTIVE);
    }

    @Test
    void tenantIsReadAsItWasWritten() {
        var limited = new Tenant(
                "acme", NOW, Optional.of(NOW), new Quotas(Optional.of(1), Optional.of(2), Optional.of(1L << 50)));
        var plain = new Tenant("acme", NOW, Optional.empty(), Quotas.NONE);

        assertThat(Tenant.of(limited.item())).isEqualTo(limited);
        assertThat(Tenant.of(plain.item())).isEqualTo(plain);
    }

    @Test
    void ownQuotasComeBeforeThoseOfAll() {
        var own = new Quotas(Optional.of(1), Optional.empty(), Optional.empty());
        var all = new Quotas(Optional.of(9), Optional.of(2), Optional.empty());

        assertThat(own.or(all)).isEqualTo(new Quotas(Optional.of(1), Optional.of(2), Optional.empty()));
    }

    private static ApiKey ending(Optional<Instant> end) {
        return new ApiKey(
                "hf_abcd1234",
                "acme",
                "billing",
                Set.of(Scope.JOBS_READ),
                "00ff",
                NOW.minusSeconds(60),
                end,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
