package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;

/** What the SES stand-in took. */
public final class Mailbox {

    private final Optional<URI> page;

    Mailbox(Optional<URI> page) {
        this.page = page;
    }

    /** Waits until the recipient has so many mails, and returns them, newest first. */
    public List<JsonNode> await(String recipient, int number) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(to(recipient)).hasSize(number));
        return to(recipient);
    }

    /** All mails to one recipient, newest first. */
    public List<JsonNode> to(String recipient) {
        return messages("?to=" + URLEncoder.encode(recipient, StandardCharsets.UTF_8));
    }

    private List<JsonNode> messages(String query) {
        assumeTrue(page.isPresent(), "NOT VERIFIED: this endpoint has no mailbox to look into");
        var answer = new Api(page.orElseThrow(), "none").get(page.orElseThrow().getPath() + "/api/messages" + query);
        return StreamSupport.stream(answer.body().spliterator(), false).toList();
    }
}
