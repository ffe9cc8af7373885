package dev.holdfast.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Json;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionTest {

    @Test
    void serverHasToProveItselfUnlessItIsOnTheSameMachine() {
        assertThat(database("postgresql://db.example.org/shop", Optional.empty())
                        .tls())
                .isEqualTo("verify-full");
        assertThat(database("postgresql://localhost.example.org/shop", Optional.empty())
                        .tls())
                .isEqualTo("verify-full");
        assertThat(database("postgresql://127.0.0.1.example.org/shop", Optional.empty())
                        .tls())
                .isEqualTo("verify-full");
        assertThat(database("postgresql://localhost:6432/shop", Optional.empty())
                        .tls())
                .isEqualTo("prefer");
        assertThat(database("postgresql://127.0.0.1/shop", Optional.empty()).tls())
                .isEqualTo("prefer");
        assertThat(database("postgresql://db.example.org/shop", Optional.of("disable"))
                        .tls())
                .isEqualTo("disable");
    }

    /** As releases stored them that knew S3 only. */
    @Test
    void olderConnectionIsOfS3() {
        var stored = Json.read("""
                {"tenant": "acme", "name": "minio", "endpoint": "https://s3.example.org", "region": "us-east-1",
                 "pathStyle": true, "accessKey": "env:A", "secretKey": "env:B", "createdAt": "2026-11-20T12:00:00Z"}""", Connection.class);

        assertThat(stored.ofDatabase()).isFalse();
        assertThat(stored.sslMode()).isEmpty();
        assertThat(Json.read(Json.write(stored), Connection.class)).isEqualTo(stored);
    }

    private static Connection database(String endpoint, Optional<String> sslMode) {
        return new Connection(
                "acme",
                "shop",
                URI.create(endpoint),
                "us-east-1",
                Optional.empty(),
                true,
                "env:A",
                "env:B",
                sslMode,
                Instant.EPOCH);
    }
}
