package dev.holdfast.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestTargetTest {

    @Test
    void percentEncodedUtf8IsFine() {
        assertThat(RequestTarget.fault("/v1/jobs/a%20b%C3%A4?label=a:b&x=%F0%9F%98%80+"))
                .isEmpty();
    }

    @Test
    void whatCannotBeDecodedIsSaid() {
        assertThat(RequestTarget.fault("/%")).get().asString().contains("two hexadecimal digits");
        assertThat(RequestTarget.fault("/%4")).get().asString().contains("two hexadecimal digits");
        assertThat(RequestTarget.fault("/%4g")).get().asString().contains("two hexadecimal digits");
        assertThat(RequestTarget.fault("/%C3")).get().asString().contains("not UTF-8");
        assertThat(RequestTarget.fault("/%ED%A0%80")).get().asString().contains("not UTF-8");
        assertThat(RequestTarget.fault("/a%00")).get().asString().contains("null byte");
        assertThat(RequestTarget.fault("/\u00e4")).get().asString().contains("must be percent-encoded");
        assertThat(RequestTarget.fault("/a{b}")).get().asString().contains("must be percent-encoded");
    }

    @Test
    void pathBeginsWithOneSlash() {
        assertThat(RequestTarget.fault("/")).isEmpty();
        for (var target : new String[] {"", "*", "jobs", "http://localhost/v1/jobs", "//", "//v1/jobs"}) {
            assertThat(RequestTarget.fault(target)).as(target).contains("The path must begin with one slash.");
        }
    }

    @Test
    void everyParameterCounts() {
        assertThat(RequestTarget.parameters("/a&b")).isZero();
        assertThat(RequestTarget.parameters("/a?b=1&b=2&c")).isEqualTo(3);
    }

    @Test
    void nothingHasSegmentsWithoutEndOrMatrixParameters() {
        assertThat(RequestTarget.leadsNowhere("/v1/jobs/" + "x".repeat(500) + "?label=a;b"))
                .isFalse();
        assertThat(RequestTarget.leadsNowhere("/v1/jobs/" + "x".repeat(501))).isTrue();
        assertThat(RequestTarget.leadsNowhere("/v1/jobs/;id=1/cancel")).isTrue();
    }
}
