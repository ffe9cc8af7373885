package dev.holdfast.notify.webhook;

import dev.holdfast.webhook.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The headers by which a receiver knows that a call is ours, new, and whole: the layout of Standard Webhooks. */
final class Signature {

    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /** The headers for a call that is made now; one signature for each secret. */
    static Map<String, String> headers(List<SigningSecret> secrets, String id, Instant now, byte[] body) {
        var timestamp = Long.toString(now.getEpochSecond());
        var begin = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        var headers = new LinkedHashMap<String, String>();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", timestamp);
        headers.put(
                "webhook-signature",
                secrets.stream()
                        .map(secret -> "v1," + Base64.getEncoder().encodeToString(sign(secret, begin, body)))
                        .collect(Collectors.joining(" ")));
        return headers;
    }

    private static byte[] sign(SigningSecret secret, byte[] begin, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.key(), ALGORITHM));
            mac.update(begin);
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
        }
    }
}
