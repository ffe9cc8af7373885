package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs the examples of the page about the HTTP API as a reader would: from top to bottom, in one shell. */
class HttpApiDocumentationIT {

    private static final Pattern EXAMPLE = Pattern.compile("(?s)```sh\n(.*?)```");

    /** Every example is to succeed: what the page says of an answer, curl is to hear. */
    private static final String PREAMBLE = """
            set -euo pipefail
            curl() { command curl --fail-with-body --show-error "$@"; }
            """;

    @Test
    void examplesRunAsTheyStand() throws Exception {
        for (var tool : new String[] {"bash", "curl", "jq"}) {
            assumeTrue(isThere(tool), "NOT VERIFIED: the examples of docs/http-api.md, for there is no " + tool);
        }
        var house = House.shared();
        var examples = EXAMPLE.matcher(Files.readString(Cloud.CHECKOUT.root().resolve("docs/http-api.md")))
                .results()
                .map(HttpApiDocumentationIT::traced)
                .collect(Collectors.joining());
        var log = Path.of("target", "http-api-examples.log");
        var bash = new ProcessBuilder("bash", "-c", PREAMBLE + examples)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        bash.environment().put("HOLDFAST_URL", house.stack.url().toString());
        bash.environment().put("HOLDFAST_API_KEY", house.stack.apiKey());

        var shell = bash.start();

        assertThat(shell.waitFor(2, TimeUnit.MINUTES)).isTrue();
        var output = Files.readString(log);
        assertThat(shell.exitValue()).as(output).isZero();
        assertThat(output).contains("event: state").contains("/items/1/job/payload/email");
    }

    /** The example with its number before it, so that the log tells which one failed. */
    private static String traced(MatchResult example) {
        return "echo; echo '--- example at " + example.start() + "'\n" + example.group(1);
    }

    private static boolean isThere(String tool) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + tool)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
