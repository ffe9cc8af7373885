package dev.holdfast.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    private static final Map<String, String> VARIABLES = Map.of(
            "HOLDFAST_SECRET_ACME_KEY", "acme's",
            "HOLDFAST_SECRET_OTHER_KEY", "other's",
            "AWS_SECRET_ACCESS_KEY", "the service's");

    @Test
    void onlyListedEndpointsAreAllowed() {
        var secrets = secrets(
                Optional.empty(),
                "https://s3.example.org",
                "http://10.0.0.1:9000",
                "https://*.example.net",
                "postgresql://db.example.org:5432",
                "postgresql://*.db.example.org:6432");

        for (var good : new String[] {
            "https://s3.example.org",
            "https://S3.example.org:443",
            "http://10.0.0.1:9000",
            "https://a.b.example.net",
            "postgresql://db.example.org/shop",
            "postgresql://db.example.org:5432/shop",
            "postgresql://a.db.example.org:6432/shop"
        }) {
            assertThat(secrets.allowsEndpoint(URI.create(good))).as(good).isTrue();
        }
        for (var bad : new String[] {
            "http://s3.example.org",
            "https://s3.example.org:8443",
            "https://s3.example.org.evil.com",
            "https://example.net",
            "https://evilexample.net",
            "http://a.example.net",
            "http://10.0.0.1",
            "http://169.254.169.254",
            "postgresql://s3.example.org/shop",
            "postgresql://db.example.org:5433/shop",
            "https://db.example.org:5432"
        }) {
            assertThat(secrets.allowsEndpoint(URI.create(bad))).as(bad).isFalse();
        }
    }

    @Test
    void withoutAListNothingIsAllowed() {
        var secrets = new Secrets(new Config(Optional.empty(), Optional.empty()), name -> Optional.empty());

        assertThat(secrets.allowsEndpoint(URI.create("https://s3.example.org"))).isFalse();
    }

    @Test
    void tenantNamesItsOwnVariablesOnly() {
        var secrets = secrets(Optional.empty());

        assertThat(secrets.find("acme", "env:HOLDFAST_SECRET_ACME_KEY")).contains("acme's");
        assertThat(secrets.find("acme", "env:HOLDFAST_SECRET_OTHER_KEY")).isEmpty();
        assertThat(secrets.find("acme", "env:AWS_SECRET_ACCESS_KEY")).isEmpty();
        assertThat(secrets.find("acme", "HOLDFAST_SECRET_ACME_KEY")).isEmpty();
    }

    @Test
    void tenantReadsFilesOfItsOwnFolderOnly(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("acme"));
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("acme/key"), "acme's\n");
        Files.writeString(folder.resolve("other/key"), "other's");
        var secrets = secrets(Optional.of(folder.toString()));

        assertThat(secrets.find("acme", "file:key")).contains("acme's");
        assertThat(secrets.find("acme", "file:../other/key")).isEmpty();
        assertThat(secrets.find("acme", "file:/etc/hostname")).isEmpty();
        assertThat(secrets.find("..", "file:key")).isEmpty();
    }

    private static Secrets secrets(Optional<String> folder, String... endpoints) {
        return new Secrets(
                new Config(Optional.of(List.of(endpoints)), folder), name -> Optional.ofNullable(VARIABLES.get(name)));
    }

    private record Config(Optional<List<String>> endpoints, Optional<String> secretFolder)
            implements ConnectionsConfig {
        @Override
        public String variablePrefix() {
            return "HOLDFAST_SECRET_";
        }
    }
}
