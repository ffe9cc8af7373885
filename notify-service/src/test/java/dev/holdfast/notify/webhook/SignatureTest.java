package dev.holdfast.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.webhook.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignatureTest {

    private static final SigningSecret SECRET =
            new SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Optional.empty());
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

    /** The example that the libraries of Standard Webhooks are tested with. */
    @Test
    void signatureIsThatOfStandardWebhooks() {
        var headers = Signature.headers(
                List.of(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", Instant.ofEpochSecond(1614265330), BODY);

        assertThat(headers)
                .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void eachSecretHasASignature() {
        var other = new SigningSecret("whsec_" + "A".repeat(32), Optional.empty());

        var headers = Signature.headers(List.of(other, SECRET), "id", Instant.ofEpochSecond(1), BODY);

        assertThat(headers.getOrDefault("webhook-signature", "").split(" "))
                .hasSize(2)
                .allMatch(one -> one.startsWith("v1,"));
    }
}
