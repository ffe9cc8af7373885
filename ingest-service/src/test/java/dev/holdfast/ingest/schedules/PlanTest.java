package dev.holdfast.ingest.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Berlin: 2027-03-28 and 2027-10-31, at 01:00Z. New York: 2027-03-14 07:00Z and 2027-11-07 06:00Z. Lord Howe: half an
 * hour.
 */
class PlanTest {

    private static final String BERLIN = "Europe/Berlin";
    private static final String NEW_YORK = "America/New_York";
    private static final String LORD_HOWE = "Australia/Lord_Howe";

    @Test
    void timeOfTheDayFollowsTheClockOverTheYear() {
        assertThat(ticks("0 3 * * *", BERLIN, "2027-03-26T12:00:00Z", 3))
                .containsExactly("2027-03-27T02:00:00Z", "2027-03-28T01:00:00Z", "2027-03-29T01:00:00Z");
        assertThat(ticks("0 9 * * *", NEW_YORK, "2027-11-05T20:00:00Z", 3))
                .containsExactly("2027-11-06T13:00:00Z", "2027-11-07T14:00:00Z", "2027-11-08T14:00:00Z");
    }

    @Test
    void timeThatTheClockLeavesOutFiresWhenItIsPutForward() {
        assertThat(ticks("30 2 * * *", BERLIN, "2027-03-27T00:00:00Z", 3))
                .containsExactly("2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z");
        assertThat(ticks("30 2 * * *", NEW_YORK, "2027-03-13T00:00:00Z", 3))
                .containsExactly("2027-03-13T07:30:00Z", "2027-03-14T07:00:00Z", "2027-03-15T06:30:00Z");
        assertThat(ticks("15 2 * * *", LORD_HOWE, "2027-10-01T20:00:00Z", 2))
                .as("02:00 becomes 02:30")
                .containsExactly("2027-10-02T15:30:00Z", "2027-10-03T15:15:00Z");
    }

    @Test
    void severalTimesOfOneGapFireOnce() {
        assertThat(ticks("0,20,40 2,3 * * *", BERLIN, "2027-03-28T00:00:00Z", 4))
                .as("02:00, 02:20 and 02:40 with 03:00; then 03:20, 03:40 and the next day")
                .containsExactly(
                        "2027-03-28T01:00:00Z", "2027-03-28T01:20:00Z", "2027-03-28T01:40:00Z", "2027-03-29T00:00:00Z");
    }

    @Test
    void timeThatComesTwiceFiresTheFirstTime() {
        assertThat(ticks("30 2 * * *", BERLIN, "2027-10-30T12:00:00Z", 2))
                .containsExactly("2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z");
        assertThat(ticks("30 1 * * *", NEW_YORK, "2027-11-06T12:00:00Z", 2))
                .containsExactly("2027-11-07T05:30:00Z", "2027-11-08T06:30:00Z");
        assertThat(ticks("45 1 * * *", LORD_HOWE, "2027-04-03T00:00:00Z", 2))
                .as("02:00 becomes 01:30")
                .containsExactly("2027-04-03T14:45:00Z", "2027-04-04T15:15:00Z");
    }

    @Test
    void timesOfAnHourThatComesTwiceFireInItsFirst() {
        assertThat(ticks("0,30 2,3 * * *", BERLIN, "2027-10-31T00:00:00Z", 4))
                .containsExactly(
                        "2027-10-31T00:30:00Z", "2027-10-31T02:00:00Z", "2027-10-31T02:30:00Z", "2027-11-01T01:00:00Z");
    }

    @Test
    void whoeverAsksInTheSecondOfTwoHoursLearnsWhatComesAfterIt() {
        assertThat(ticks("0,30 2,3 * * *", BERLIN, "2027-10-31T01:10:00Z", 1)).containsExactly("2027-10-31T02:00:00Z");
        assertThat(ticks("30 2 * * *", BERLIN, "2027-10-31T01:00:00Z", 1)).containsExactly("2027-11-01T01:30:00Z");
    }

    @Test
    void everyHourGoesOnEvenlyThroughBothChanges() {
        assertThat(ticks("30 * * * *", BERLIN, "2027-03-28T00:00:00Z", 3))
                .containsExactly("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z", "2027-03-28T02:30:00Z");
        assertThat(ticks("30 * * * *", BERLIN, "2027-10-31T00:00:00Z", 3))
                .containsExactly("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z", "2027-10-31T02:30:00Z");
        assertThat(ticks("0 * * * *", NEW_YORK, "2027-11-07T04:30:00Z", 3))
                .containsExactly("2027-11-07T05:00:00Z", "2027-11-07T06:00:00Z", "2027-11-07T07:00:00Z");
    }

    @Test
    void everyHourFollowsAClockThatIsPutByHalfAnHour() {
        assertThat(ticks("0 * * * *", LORD_HOWE, "2027-10-02T14:00:00Z", 3))
                .as("01:00, then no 02:00, 03:00, 04:00")
                .containsExactly("2027-10-02T14:30:00Z", "2027-10-02T16:00:00Z", "2027-10-02T17:00:00Z");
        assertThat(ticks("45 * * * *", LORD_HOWE, "2027-04-03T14:00:00Z", 3))
                .as("01:45 twice, 02:45")
                .containsExactly("2027-04-03T14:45:00Z", "2027-04-03T15:15:00Z", "2027-04-03T16:15:00Z");
    }

    @Test
    void everySecondOfAChangeOfTheClockIsATick() {
        for (var change : List.of("2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z")) {
            var before = Instant.parse(change).minusSeconds(3);
            assertThat(plan("* * * * * *", BERLIN).upcoming(before, 5))
                    .containsExactly(
                            before.plusSeconds(1),
                            before.plusSeconds(2),
                            before.plusSeconds(3),
                            before.plusSeconds(4),
                            before.plusSeconds(5));
        }
    }

    @Test
    void ticksOfAYearRiseAndAreMetOnceEach() {
        for (var zone : List.of(BERLIN, NEW_YORK, LORD_HOWE, "UTC", "Africa/Cairo", "America/Sao_Paulo")) {
            for (var cron : List.of("17 * * * *", "*/10 0-4 * * *", "30 0,1,2,3 * * *", "@daily")) {
                var plan = plan(cron, zone);
                var all = plan.upcoming(Instant.parse("2027-01-01T00:00:00Z"), 9_000);
                assertThat(all).as(cron + " " + zone).isSorted().doesNotHaveDuplicates();
                for (var i = 1; i < 2_000; i++) {
                    assertThat(plan.next(all.get(i).minusMillis(1))).isEqualTo(all.get(i));
                }
            }
        }
    }

    @Test
    void everyLocalDayHasItsTickWhereMidnightIsLeftOut() {
        assertThat(ticks("@daily", "Africa/Cairo", "2027-04-28T12:00:00Z", 3))
                .as("the clock goes from 24:00 to 01:00")
                .containsExactly("2027-04-28T22:00:00Z", "2027-04-29T22:00:00Z", "2027-04-30T21:00:00Z");
    }

    @Test
    void rateIsCountedFromItsBeginning() {
        var plan = new Plan.Rate(Instant.parse("2026-11-21T10:00:00.250Z"), Duration.ofSeconds(90));

        assertThat(plan.next(Instant.parse("2026-11-21T10:00:00.250Z"))).isEqualTo("2026-11-21T10:01:30.250Z");
        assertThat(plan.next(Instant.parse("2026-11-21T09:00:00Z"))).isEqualTo("2026-11-21T10:01:30.250Z");
        assertThat(plan.next(Instant.parse("2026-11-21T10:01:30.249Z"))).isEqualTo("2026-11-21T10:01:30.250Z");
        assertThat(plan.next(Instant.parse("2026-11-21T10:01:30.250Z"))).isEqualTo("2026-11-21T10:03:00.250Z");
    }

    @Test
    void lastTicksAreFoundFromTheEnd() {
        var hourly = plan("0 * * * *", "UTC");
        var until = Instant.parse("2027-06-01T12:00:00Z");

        assertThat(hourly.last(2, Instant.EPOCH, until)).containsExactly(Instant.parse("2027-06-01T11:00:00Z"), until);
        assertThat(hourly.last(2, Instant.parse("2027-06-01T11:00:00Z"), until)).containsExactly(until);
        assertThat(hourly.last(2, until, until)).isEmpty();
        assertThat(plan("0 0 1 1 *", "UTC").last(1, Instant.EPOCH, until))
                .containsExactly(Instant.parse("2027-01-01T00:00:00Z"));
    }

    private static Plan plan(String cron, String zone) {
        return new Plan.Calendar(Cron.parse(cron), ZoneId.of(zone));
    }

    private static List<String> ticks(String cron, String zone, String after, int number) {
        return plan(cron, zone).upcoming(Instant.parse(after), number).stream()
                .map(Instant::toString)
                .toList();
    }
}
