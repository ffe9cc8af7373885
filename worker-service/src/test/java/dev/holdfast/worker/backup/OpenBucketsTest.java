package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenBucketsTest {

    @Test
    void bucketIsOpenToWhomItIsListedBelowItsPrefix() {
        var open = of("exports", "logs/2026/", "acme:books");

        assertThat(open.allow("acme", "exports", "")).isTrue();
        assertThat(open.allow("other", "logs", "2026/")).isTrue();
        assertThat(open.allow("other", "logs", "2026/01/")).isTrue();
        assertThat(open.allow("other", "logs", "2026")).isFalse();
        assertThat(open.allow("other", "logs", "")).isFalse();
        assertThat(open.allow("acme", "books", "")).isTrue();
        assertThat(open.allow("other", "books", "")).isFalse();
        assertThat(open.allow("acme", "unlisted", "")).isFalse();
        assertThat(OpenBuckets.of("key", Optional.empty(), "own").allow("acme", "exports", ""))
                .isFalse();
    }

    @Test
    void holdfastsOwnIsNeverOpen() {
        assertThat(of("exports").allow("acme", "own", "")).isFalse();
        for (var entry : List.of("own", "own/backups/", "acme:own", "x-1234-s3alias", "*", "", "/a", "A", "a:b:c")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> of(entry))
                    .withMessageStartingWith("holdfast.backup.buckets must ");
        }
    }

    private static OpenBuckets of(String... entries) {
        return OpenBuckets.of("holdfast.backup.buckets", Optional.of(List.of(entries)), "own");
    }
}
