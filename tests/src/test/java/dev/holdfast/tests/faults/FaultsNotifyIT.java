package dev.holdfast.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.dynamo.Item;
import dev.holdfast.tests.faults.Tables.Notification;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Mail does not go out, or goes out and nobody notes it. */
class FaultsNotifyIT {

    private static final Duration BOUND = Duration.ofSeconds(90);

    private final FaultHouse house = FaultHouse.shared();
    private final Recorder recorder = new Recorder(house.house.api);
    private final Tables tables = new Tables(house.house);

    @BeforeEach
    void heal() {
        house.heal();
    }

    @AfterEach
    void close() {
        house.heal();
        tables.close();
    }

    @Test
    @DisplayName("F28: while SES throttles mails wait, and each goes out once")
    void mailServiceThrottles() {
        var ses = house.of("notify").sesv2();
        var before = ses.calls("SendEmail");
        var throttle =
                ses.arm(Rule.on("SendEmail").during(Duration.ofSeconds(6)).then(new Fault.Throttle()));

        for (var i = 0; i < 10; i++) recorder.accepted(Registration.of("f28-" + i));

        Checker.check(house, recorder, BOUND).assertHeld("F28");
        assertThat(throttle.struck()).as("sends that were throttled").isPositive();
        System.out.println("F28: 10 mails took " + (ses.calls("SendEmail") - before) + " sends, of which "
                + throttle.struck() + " were throttled");
    }

    @Test
    @DisplayName("F29: a notifier killed between the answer of SES and its note sends at most one mail more")
    void notifierKilledBeforeItsNote() {
        house.of("notify")
                .sesv2()
                .arm(Rule.on("SendEmail").next(1).afterwardsDo(notifier -> house.kill(notifier, recorder)));

        var id = recorder.accepted(Registration.of("f29"));

        await().atMost(BOUND).until(() -> !recorder.deaths().isEmpty());
        expireClaim(id);
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(tables.notifications())
                        .filteredOn(notification -> notification.job().equals(id))
                        .extracting(Notification::state)
                        .containsAnyOf("SENT", "DELIVERED"));
        var mails = house.house.mailbox.to("f29@faults.example").size();
        System.out.println("F29: " + mails + " mails");
        assertThat(mails).isBetween(1, 2);
        await().atMost(BOUND).until(() -> tables.leftOver().isEmpty());
    }

    /** As if the minute had passed that a notifier's claim lasts. */
    private void expireClaim(String job) {
        var id = tables.notifications().stream()
                .filter(notification -> notification.job().equals(job))
                .map(Notification::id)
                .findFirst()
                .orElseThrow();
        tables.dynamo.updateItem(update -> update.tableName(house.house.table("notifications"))
                .key(Item.key("id", id))
                .updateExpression("SET claimedUntil = :now")
                .expressionAttributeValues(
                        Item.empty().with(":now", Instant.now()).attributes()));
    }
}
