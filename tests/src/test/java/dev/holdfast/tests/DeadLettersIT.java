package dev.holdfast.tests;

import static dev.holdfast.tests.Letters.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.dynamo.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** How dead letters are collected, and shown. */
class DeadLettersIT {

    private final House house = House.shared();
    private final Api api = house.api;
    private final Letters dead = new Letters(house);

    @AfterEach
    void close() {
        dead.close();
    }

    @Test
    void garbageIsSetAsideByAWorkerAndListedWithItsReason() {
        dead.send("quick", "garbage " + dead.mark, "");

        patiently().untilAsserted(() -> assertThat(dead.letters(api, "quick")).hasSize(1));

        var letter = dead.letters(api, "quick").getFirst();
        assertThat(letter.path("reason").asText()).isEqualTo("not a job message");
        assertThat(letter.path("lane").asText()).isEqualTo("quick");
        assertThat(letter.path("receives").asInt()).isEqualTo(1);
        assertThat(letter.path("truncated").asBoolean()).isFalse();
        assertThat(Instant.parse(letter.path("setAsideAt").asText()))
                .isBetween(Instant.now().minusSeconds(120), Instant.now());
        assertThat(letter.has("job")).isFalse();
        patiently().untilAsserted(() -> assertThat(dead.messages("quick-dlq")).isZero());
    }

    @Test
    void messageThatIsCollectedTwiceIsOneLetter() {
        // given: it was stored, and its collector died before it deleted the message
        var message = received();
        var sentAt = Long.parseLong(message.attributesAsStrings().get("SentTimestamp"));
        dead.dynamo.putItem(put -> put.tableName(house.table("catalog"))
                .item(Item.empty()
                        .with("pk", "DEADLETTERS#bulk")
                        .with("sk", sentAt + "#" + message.messageId())
                        .with("id", message.messageId())
                        .with("sentAt", sentAt)
                        .with("body", "stored first " + dead.mark)
                        .with("truncated", 0)
                        .with("reason", "any")
                        .with("setAsideAt", sentAt)
                        .with("receives", 1)
                        .attributes()));

        // when
        patiently().untilAsserted(() -> assertThat(dead.messages("bulk-dlq")).isZero());

        // then
        assertThat(dead.letters(api, "bulk", "stored first " + dead.mark)).hasSize(1);
        assertThat(dead.letters(api, "bulk", message.body())).isEmpty();
    }

    /** A message that the collector has not received, who is there too; it comes back after three seconds. */
    private Message received() {
        return patiently()
                .until(
                        () -> {
                            dead.send("bulk-dlq", "twice " + UUID.randomUUID(), "any");
                            return dead.sqs
                                    .receiveMessage(receive -> receive.queueUrl(dead.url("bulk-dlq"))
                                            .visibilityTimeout(3)
                                            .messageSystemAttributeNamesWithStrings("SentTimestamp"))
                                    .messages();
                        },
                        messages -> !messages.isEmpty())
                .getFirst();
    }

    @Test
    void pagesShowEveryLetterOnceNewestFirst() {
        for (var i = 0; i < 5; i++) dead.send("bulk-dlq", "page " + dead.mark, "reason " + i);
        patiently().untilAsserted(() -> assertThat(dead.letters(api, "bulk")).hasSize(5));

        var shown = new ArrayList<JsonNode>();
        var cursor = "";
        do {
            var page = api.get("/v1/dead-letters?lane=bulk&limit=2" + cursor).body();
            assertThat(page.path("items").size()).isBetween(1, 2);
            page.path("items").forEach(shown::add);
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asText()
                    : "";
        } while (!cursor.isEmpty());

        assertThat(shown.stream().map(letter -> letter.path("id").asText())).doesNotHaveDuplicates();
        var own = shown.stream().filter(this::isOwn).toList();
        assertThat(own).hasSize(5);
        var all = api.get("/v1/dead-letters?lane=bulk&limit=100").body().path("items");
        assertThat(own)
                .containsExactlyElementsOf(StreamSupport.stream(all.spliterator(), false)
                        .filter(this::isOwn)
                        .toList());
    }

    /** Letters of other tests may come meanwhile. */
    private boolean isOwn(JsonNode letter) {
        return letter.path("body").asText().contains(dead.mark);
    }
}
