package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.tests.Api.Answer;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OidcIT {

    private static final KeyPair KEY = TokenIssuer.createKey();
    private static final TokenIssuer ISSUER = Door.ISSUER;
    private static final House HOUSE = Door.HOUSE;

    @BeforeAll
    static void begin() {
        ISSUER.publish("first", KEY);
        HOUSE.key("tokens", "jobs:read");
    }

    @Test
    void tokenOpensWhatItsRolesSayForItsTenant() {
        var reader = sign(claims());
        var operator = sign(with(claims(), "roles", List.of("holdfast-operator"), "sub", "u-17"));

        assertThat(get("/v1/jobs", reader).status()).isEqualTo(200);
        assertThat(HOUSE.api.as(reader).post("/v1/jobs", "{}").status()).isEqualTo(403);
        assertThat(get("/v1/admin/keys", reader).status()).isEqualTo(403);
        var created =
                HOUSE.api.as(operator).post("/v1/admin/keys", "{\"name\": \"by token\", \"scopes\": [\"admin\"]}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().at("/key/tenant").asText()).isEqualTo("tokens");
        assertThat(get("/v1/admin/audit?what=keys.create&limit=1", operator)
                        .body()
                        .at("/items/0/who")
                        .asText())
                .isEqualTo("oidc:u-17");
        assertThat(get("/v1/jobs", sign(with(claims(), "roles", "openid jobs:read")))
                        .status())
                .as("roles as one text")
                .isEqualTo(200);
    }

    @Test
    void tokenThatIsNotRightIsRefusedWithTheReason() {
        refused(sign(with(claims(), "exp", in(Duration.ofMinutes(-2)))), "expired");
        refused(sign(with(claims(), "aud", "another")), "audience");
        refused(sign(with(claims(), "iss", "https://evil.example.org/")), "issuer");
        refused(TokenIssuer.sign("first", TokenIssuer.createKey().getPrivate(), claims()), "trust");
        refused(TokenIssuer.sign("nobody's", KEY.getPrivate(), claims()), "trust");
        refused(sign(without(claims(), "exp")), "trust");
        refused(sign(without(claims(), "aud")), "audience");
        refused(sign(without(claims(), "org")), "claim org");
        refused(sign(with(claims(), "nbf", in(Duration.ofMinutes(5)))), "trust");
        var valid = sign(claims());
        refused(valid.substring(0, valid.lastIndexOf('.')) + ".", "trust");
        refused(
                valid.replaceFirst(
                        "\\.[^.]*\\.", "." + TokenIssuer.base64("{\"org\": \"local\"}".getBytes(UTF_8)) + "."),
                "trust");
        refused("no.token.at-all", "trust");
        refused("nonsense", "trust");
    }

    @Test
    void tokenWithoutASignatureOrWithASharedSecretIsRefused() throws Exception {
        refused(TokenIssuer.unsigned("none", "first", claims()) + ".", "trust");
        // the public key, which everybody knows, taken for a secret
        var signed = TokenIssuer.unsigned("HS256", "first", claims());
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.getPublic().getEncoded(), "HmacSHA256"));
        refused(signed + "." + TokenIssuer.base64(mac.doFinal(signed.getBytes(UTF_8))), "trust");
    }

    @Test
    void tokenOfATenantThatIsNotKnownIsRefused() {
        var answer = get("/v1/jobs", sign(with(claims(), "org", "nobody")));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body().path("type").asText()).isEqualTo("/problems/tenant-unknown");
    }

    @Test
    void newKeyOfTheProviderIsFoundAndAnUnknownOneAskedForSeldom() {
        var rotated = TokenIssuer.createKey();
        var token = TokenIssuer.sign("second", rotated.getPrivate(), claims());
        refused(token, "trust");
        ISSUER.publish("second", rotated);

        await().atMost(Duration.ofSeconds(5)).until(() -> get("/v1/jobs", token).status() == 200);

        var before = ISSUER.asked();
        for (var i = 0; i < 50; i++) refused(TokenIssuer.sign("third", KEY.getPrivate(), claims()), "trust");
        assertThat(ISSUER.asked() - before).isLessThan(10);
        assertThat(get("/v1/jobs", sign(claims())).status()).isEqualTo(200);
    }

    @Test
    void outageOfTheProviderIsAnOutageAndNoRefusal() {
        assertThat(get("/v1/jobs", sign(claims())).status()).isEqualTo(200);
        ISSUER.ill(true);
        try {
            var unknown = TokenIssuer.sign("while ill", KEY.getPrivate(), claims());
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> get("/v1/jobs", unknown).status() == 503);
            assertThat(get("/v1/jobs", sign(claims())).status())
                    .as("a key that is remembered")
                    .isEqualTo(200);
        } finally {
            ISSUER.ill(false);
        }
    }

    private static void refused(String token, String reason) {
        var answer = get("/v1/jobs", token);
        assertThat(answer.status()).as(reason).isEqualTo(401);
        assertThat(answer.body().path("detail").asText()).contains(reason);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    private static Answer get(String path, String token) {
        return HOUSE.api.as(token).get(path);
    }

    private static String sign(Map<String, ?> claims) {
        return TokenIssuer.sign("first", KEY.getPrivate(), claims);
    }

    private static Map<String, Object> claims() {
        return with(
                Map.of(),
                "iss",
                ISSUER.name(),
                "aud",
                List.of("others", "holdfast"),
                "exp",
                in(Duration.ofMinutes(5)),
                "sub",
                "u-1",
                "org",
                "tokens",
                "roles",
                List.of("jobs:read", "staff"));
    }

    private static long in(Duration time) {
        return Instant.now().plus(time).getEpochSecond();
    }

    /** {@code claims} are names and values in turn. */
    private static Map<String, Object> with(Map<String, Object> before, Object... claims) {
        var all = new HashMap<>(before);
        for (var i = 0; i < claims.length; i += 2) all.put((String) claims[i], claims[i + 1]);
        return all;
    }

    private static Map<String, Object> without(Map<String, Object> before, String claim) {
        var all = new HashMap<>(before);
        all.remove(claim);
        return all;
    }
}
