package dev.holdfast.tests;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /** How many mails each address got. */
    public Map<String, Long> recipients() {
        return read("/api/recipients").properties().stream()
                .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().asLong()));
    }

    /** Tells the notifier of a mail's fate: {@code bounce}, {@code soft-bounce} or {@code complaint}. */
    void tell(JsonNode mail, String fate) {
        post("/api/messages/" + mail.path("id").asText() + "/" + fate, "");
    }

    /** Asks the stand-in for faults. */
    void faults(String json) {
        post("/api/faults", json);
    }

    private void post(String path, String json) {
        assumeTrue(page.isPresent(), "NOT VERIFIED: this endpoint has no mailbox to look into");
        var answer = new Api(page.orElseThrow(), "none").post(page.orElseThrow().getPath() + path, json);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    }

    private List<JsonNode> messages(String query) {
        return StreamSupport.stream(read("/api/messages" + query).spliterator(), false)
                .toList();
    }

    private JsonNode read(String path) {
        assumeTrue(page.isPresent(), "NOT VERIFIED: this endpoint has no mailbox to look into");
        return new Api(page.orElseThrow(), "none")
                .get(page.orElseThrow().getPath() + path)
                .body();
    }
}
