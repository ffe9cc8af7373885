package dev.holdfast.repositories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** As much of KMS as wraps and unwraps a key: a ciphertext opens only with the encryption context that it got. */
final class KmsStandIn implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final KmsClient client;
    private final Map<String, JsonNode> wrapped = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();
    private volatile boolean disabled;

    KmsStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        client = KmsClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    KmsClient client() {
        return client;
    }

    void disable() {
        disabled = true;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = JSON.readTree(exchange.getRequestBody());
            var action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if (disabled) {
                send(exchange, 400, "{\"__type\": \"DisabledException\", \"message\": \"the key is disabled\"}");
            } else if ("TrentService.Encrypt".equals(action)) {
                var blob = base64("wrapped-" + number.incrementAndGet());
                wrapped.put(blob, request);
                send(exchange, 200, "{\"CiphertextBlob\": \"" + blob + "\"}");
            } else {
                decrypt(exchange, request);
            }
        }
    }

    private void decrypt(HttpExchange exchange, JsonNode request) throws IOException {
        var known = wrapped.get(request.path("CiphertextBlob").asText());
        if (known == null || !known.path("EncryptionContext").equals(request.path("EncryptionContext"))) {
            send(exchange, 400, "{\"__type\": \"InvalidCiphertextException\", \"message\": \"no\"}");
        } else {
            send(exchange, 200, "{\"Plaintext\": \"" + known.path("Plaintext").asText() + "\"}");
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
