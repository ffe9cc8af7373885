package dev.holdfast.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

    @ParameterizedTest
    @CsvSource({
        "https://Hooks.Example.org/in?token=1, hooks.example.org, 443, /in?token=1",
        "https://hooks.example.org, hooks.example.org, 443, /",
        "https://hooks.example.org.:8443/a%20b, hooks.example.org, 8443, /a%20b",
        "https://xn--bcher-kva.example/, xn--bcher-kva.example, 443, /",
        "https://93.184.215.14/, 93.184.215.14, 443, /",
        "'https://[2606:2800:21f:cb07::1]:444/x', 2606:2800:21f:cb07::1, 444, /x",
        "https://localhost./, localhost, 443, /",
        "'https://[::ffff:127.0.0.1]/', ::ffff:127.0.0.1, 443, /",
    })
    void urlIsTakenApart(String url, String host, int port, String path) {
        assertThat(Destination.of(url, false)).isEqualTo(new Destination(true, host, port, path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hooks.example.org",
                "http://hooks.example.org/", // where only https is allowed
                "ftp://hooks.example.org/",
                "file:///etc/passwd",
                "gopher://127.0.0.1:6379/_FLUSHALL",
                "https:hooks.example.org",
                "https:///path",
                "https://",
                "https://user@hooks.example.org/",
                "https://hooks.example.org@169.254.169.254/",
                "https://hooks.example.org%2f@169.254.169.254/",
                "https://169.254.169.254\\@hooks.example.org/",
                "https://hooks.example.org/#fragment",
                "https://hooks.example.org:0/",
                "https://hooks.example.org:65536/",
                "https://hooks.example.org:80:443/",
                "https://2130706433/", // 127.0.0.1 as one number
                "https://0x7f000001/",
                "https://0x7f.0.0.1/",
                "https://0177.0.0.1/", // octal for some, decimal for others
                "https://127.1/",
                "https://127.0.0.1./",
                "https://127.0.1/",
                "https://127.0.0.1.1/",
                "https://1.2.3.256/",
                "https://example.0x7f/",
                "https://example.1/",
                "https://%31%32%37.0.0.1/",
                "https://[fe80::1%25eth0]/",
                "https://[::1/",
                "https://::1/",
                "https://bücher.example/",
                "https://１２７.0.0.1/", // full-width digits
                "https://127。0。0。1/", // ideographic full stops
                "https://hooks.example.org/a b",
                "https://hooks.example.org/\r\nX-Injected: 1",
                "https://hooks.example.org\t/",
                "https://-hooks.example.org/",
                "https://hooks..example.org/",
                "https://my_hooks.example.org/",
                "https://*.example.org/"
            })
    void urlThatProgramsReadDifferentlyIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Destination.of(url, false))
                .withMessageStartingWith("must ");
    }

    @Test
    void plainHttpIsAllowedOnDemandOnly() {
        assertThat(Destination.of("http://hooks.example.org/in", true))
                .isEqualTo(new Destination(false, "hooks.example.org", 80, "/in"));
    }

    @Test
    void queryIsNotShown() {
        assertThat(Destination.of("https://hooks.example.org/in?token=secret", false)
                        .shown())
                .isEqualTo("https://hooks.example.org/in");
        assertThat(Destination.of("http://[2606:2800:21f:cb07::1]:81?token=secret", true)
                        .shown())
                .isEqualTo("http://[2606:2800:21f:cb07::1]:81/");
    }
}
