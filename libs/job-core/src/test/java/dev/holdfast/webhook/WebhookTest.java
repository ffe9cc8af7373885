package dev.holdfast.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.JobState;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhookTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final Random random = new Random(1);
    private final SigningSecret first = SigningSecret.create(random);
    private final Webhook webhook = new Webhook(
            "ops",
            "https://hooks.example.org/in?token=1",
            Set.of(JobState.FAILED),
            Set.of(JobType.BACKUP),
            List.of(first),
            NOW,
            Optional.empty());

    @Test
    void onlyWhatItWantsIsHeard() {
        assertThat(webhook.wants(JobType.BACKUP, JobState.FAILED)).isTrue();
        assertThat(webhook.wants(JobType.BACKUP, JobState.SUCCEEDED)).isFalse();
        assertThat(webhook.wants(JobType.RESTORE, JobState.FAILED)).isFalse();
        assertThat(webhook.disabled("gone").wants(JobType.BACKUP, JobState.FAILED))
                .isFalse();
    }

    @Test
    void secretBeforeIsUsedUntilTheOverlapEnds() {
        var second = SigningSecret.create(random);

        var rotated = webhook.rotated(second, NOW, NOW.plus(Duration.ofHours(1)));

        assertThat(rotated.secretsAt(NOW.plusSeconds(3599)))
                .extracting(SigningSecret::text)
                .containsExactly(second.text(), first.text());
        assertThat(rotated.secretsAt(NOW.plusSeconds(3600)))
                .extracting(SigningSecret::text)
                .containsExactly(second.text());
    }

    @Test
    void laterRotationProlongsNoSecretAndFewAreKept() {
        var rotated = webhook.rotated(SigningSecret.create(random), NOW, NOW.plusSeconds(60));
        for (var i = 0; i < 10; i++)
            rotated = rotated.rotated(SigningSecret.create(random), NOW, NOW.plusSeconds(9_999));

        assertThat(rotated.secretsAt(NOW)).hasSize(5);
        assertThat(webhook.rotated(first, NOW, NOW.plusSeconds(60))
                        .rotated(first, NOW, NOW.plusSeconds(9_999))
                        .secretsAt(NOW.plusSeconds(60)))
                .hasSize(2);
    }

    @Test
    void webhookIsReadAsItWasWrittenAndItsSecretIsNotInItsText() {
        assertThat(Json.read(Json.write(webhook), Webhook.class)).isEqualTo(webhook);
        assertThat(webhook.toString()).doesNotContain(first.text());
        assertThat(first.text()).matches("whsec_[A-Za-z0-9+/]{43}=");
        assertThat(first.key()).hasSize(32);
    }
}
