package dev.holdfast.ingest.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A month in which nothing ran, from before a change of the clock until after it. */
class CatchUpTest {

    private static final Instant DOWN = Instant.parse("2027-03-10T12:00:00Z");
    private static final Instant UP = Instant.parse("2027-04-10T12:00:30Z");
    private static final int LIMIT = 10;

    private final Plan daily = calendar("30 2 * * *");
    private final Plan everyMinute = calendar("* * * * *");

    @Test
    void noneGoesOnWithTheNextTick() {
        assertThat(caughtUp(CatchUp.NONE, daily)).isEmpty();
        assertThat(caughtUp(CatchUp.NONE, everyMinute)).isEmpty();
    }

    @Test
    void latestFiresOnceForAll() {
        assertThat(caughtUp(CatchUp.LATEST, daily)).containsExactly(Instant.parse("2027-04-10T00:30:00Z"));
        assertThat(caughtUp(CatchUp.LATEST, everyMinute)).containsExactly(Instant.parse("2027-04-10T12:00:00Z"));
    }

    @Test
    void allFiresEachTickOfAMonthOnceAlsoThatOfTheGap() {
        var fired = caughtUp(CatchUp.ALL, daily);

        assertThat(fired).hasSize(31).isSorted().doesNotHaveDuplicates();
        assertThat(fired).contains(Instant.parse("2027-03-28T01:00:00Z"));
        assertThat(fired.getFirst()).isEqualTo("2027-03-11T01:30:00Z");
        assertThat(fired.getLast()).isEqualTo("2027-04-10T00:30:00Z");
    }

    @Test
    void allFiresTheLastThousandIfThereAreMore() {
        var fired = caughtUp(CatchUp.ALL, everyMinute);

        assertThat(fired).hasSize(1_000).isSorted().doesNotHaveDuplicates();
        assertThat(fired.getLast()).isEqualTo("2027-04-10T12:00:00Z");
        assertThat(fired.getFirst()).isEqualTo("2027-04-09T19:21:00Z");
    }

    @Test
    void monthOfSecondsIsCaughtUpWithAtOnce() {
        var fired = caughtUp(CatchUp.ALL, calendar("* * * * * *"));

        assertThat(fired).hasSize(1_000);
        assertThat(fired.getLast()).isEqualTo(UP);
    }

    @Test
    void whatIsMerelyLateFiresUnderEveryPolicy() {
        var due = Instant.parse("2027-04-10T11:59:30Z");
        var seconds = calendar("*/20 * * * * *");
        var rate = new Plan.Rate(due.minusSeconds(20), Duration.ofSeconds(20));
        for (var policy : CatchUp.values()) {
            assertThat(policy.ticks(seconds, Instant.parse("2027-04-10T11:59:40Z"), UP, LIMIT))
                    .containsExactly(
                            Instant.parse("2027-04-10T11:59:40Z"),
                            Instant.parse("2027-04-10T12:00:00Z"),
                            Instant.parse("2027-04-10T12:00:20Z"));
            assertThat(policy.ticks(rate, due, UP, LIMIT))
                    .as("a minute late, to the second")
                    .containsExactly(due, due.plusSeconds(20), due.plusSeconds(40), UP);
        }
        assertThat(CatchUp.NONE.ticks(rate, due, UP.plusMillis(1), LIMIT)).isEmpty();
        assertThat(CatchUp.LATEST.ticks(rate, due, UP.plusMillis(1), LIMIT)).containsExactly(UP);
    }

    @Test
    void whatIsNotDueDoesNotFire() {
        for (var policy : CatchUp.values()) {
            assertThat(policy.ticks(everyMinute, UP.plusMillis(1), UP, LIMIT)).isEmpty();
            assertThat(policy.ticks(everyMinute, Instant.parse("2027-04-10T12:00:00Z"), UP, LIMIT))
                    .hasSize(1);
        }
    }

    /** All ticks that fire until the schedule is up to date, as a process fires them: batch by batch. */
    private static List<Instant> caughtUp(CatchUp policy, Plan plan) {
        var fired = new ArrayList<Instant>();
        var due = plan.next(DOWN);
        while (!due.isAfter(UP)) {
            var ticks = policy.ticks(plan, due, UP, LIMIT);
            fired.addAll(ticks);
            due = plan.next(ticks.isEmpty() ? UP : ticks.getLast());
        }
        return fired;
    }

    private static Plan calendar(String cron) {
        return new Plan.Calendar(Cron.parse(cron), ZoneId.of("Europe/Berlin"));
    }
}
