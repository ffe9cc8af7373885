package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID provider: it signs tokens with the JDK's own means, and publishes its keys over HTTP. */
final class TokenIssuer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<Map<String, String>> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean ill;

    TokenIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            var body = JSON.writeValueAsBytes(Map.of("keys", published));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(ill ? 500 : 200, body.length);
            try (var output = exchange.getResponseBody()) {
                output.write(body);
            }
        });
        server.start();
    }

    String name() {
        return "https://login.example.org/";
    }

    String jwksUrl() {
        return "http://localhost:" + server.getAddress().getPort() + "/keys";
    }

    /** How often the keys were asked for. */
    int asked() {
        return asked.get();
    }

    void ill(boolean isIll) {
        ill = isIll;
    }

    /** A new key, which is not published. */
    static KeyPair createKey() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void publish(String kid, KeyPair key) {
        var rsa = (RSAPublicKey) key.getPublic();
        published.add(Map.of(
                "kty",
                "RSA",
                "use",
                "sig",
                "kid",
                kid,
                "n",
                text(rsa.getModulus()),
                "e",
                text(rsa.getPublicExponent())));
    }

    void withdraw(String kid) {
        published.removeIf(key -> kid.equals(key.get("kid")));
    }

    private static String text(BigInteger number) {
        var bytes = number.toByteArray();
        return base64(bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    /** A token signed by RS256. */
    static String sign(String kid, PrivateKey key, Map<String, ?> claims) {
        try {
            var signed = unsigned("RS256", kid, claims);
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The head and the claims of a token. */
    static String unsigned(String algorithm, String kid, Map<String, ?> claims) {
        try {
            var parts = new ArrayList<String>();
            parts.add(base64(JSON.writeValueAsBytes(Map.of("alg", algorithm, "kid", kid, "typ", "JWT"))));
            parts.add(base64(JSON.writeValueAsBytes(claims)));
            return String.join(".", parts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
