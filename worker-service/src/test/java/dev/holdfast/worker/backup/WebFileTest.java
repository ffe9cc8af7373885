package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.outbound.Destination;
import org.junit.jupiter.api.Test;

class WebFileTest {

    @Test
    void nameIsTheLastPartOfThePathOrElseTheHost() {
        assertThat(of("https://example.org/a/b.txt?x=/y").name()).isEqualTo("b.txt");
        assertThat(of("https://example.org/a%20b+c%C3%BC").name()).isEqualTo("a b+cü");
        assertThat(of("https://example.org/a%2Fb").name()).isEqualTo("a%2Fb");
        assertThat(of("https://example.org/a%00").name()).isEqualTo("a%00");
        assertThat(of("https://example.org/%2E%2E").name()).isEqualTo("%2E%2E");
        assertThat(of("https://example.org/a/").name()).isEqualTo("example.org");
        assertThat(of("https://example.org?a=b").name()).isEqualTo("example.org");
        assertThat(of("https://example.org/" + "a".repeat(255)).name()).hasSize(255);
        assertThat(of("https://example.org/" + "a".repeat(256)).name()).isEqualTo("example.org");
        assertThat(of("https://[2001:db8::1]/").name()).isEqualTo("2001:db8::1");
    }

    @Test
    void pathsTellUrlsApartAndNoSecrets() {
        assertThat(of("https://example.org:8443/a/b").paths()).containsExactly("/http/example.org:8443/a/b");
        assertThat(of("https://example.org/a?token=hidden").paths())
                .isEqualTo(of("https://example.org/a?token=hidden").paths())
                .isNotEqualTo(of("https://example.org/a?token=other").paths())
                .allMatch(path -> path.matches("/http/example\\.org/a\\?[0-9a-f]{8}"));
    }

    private static WebFile of(String url) {
        return new WebFile(Destination.of(url, false));
    }
}
