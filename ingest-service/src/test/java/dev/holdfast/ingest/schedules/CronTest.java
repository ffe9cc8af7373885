package dev.holdfast.ingest.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CronTest {

    @Test
    void fiveFieldsMeanTheFullMinute() {
        assertThat(after("2026-11-21T10:07:30", "*/15 * * * *", 3))
                .containsExactly("2026-11-21T10:15", "2026-11-21T10:30", "2026-11-21T10:45");
    }

    @Test
    void sixFieldsBeginWithTheSecond() {
        assertThat(after("2026-11-21T10:07:30", "10,40 * * * * *", 3))
                .containsExactly("2026-11-21T10:07:40", "2026-11-21T10:08:10", "2026-11-21T10:08:40");
        assertThat(after("2026-11-21T10:07:30.5", "* * * * * *", 2))
                .containsExactly("2026-11-21T10:07:31", "2026-11-21T10:07:32");
    }

    @Test
    void timeItselfIsNotAfterIt() {
        assertThat(after("2026-11-21T10:15:00", "15 10 * * *", 1)).containsExactly("2026-11-22T10:15");
        assertThat(after("2026-11-21T10:14:59.999", "15 10 * * *", 1)).containsExactly("2026-11-21T10:15");
    }

    @Test
    void rangesStepsListsAndNamesAreUnderstood() {
        assertThat(after("2026-11-21T00:00:00", "0 8-17/4 * * mon-fri", 4))
                .containsExactly("2026-11-23T08:00", "2026-11-23T12:00", "2026-11-23T16:00", "2026-11-24T08:00");
        assertThat(after("2026-11-21T00:00:00", "5/25 0 1 JAN,jul ?", 3))
                .containsExactly("2027-01-01T00:05", "2027-01-01T00:30", "2027-01-01T00:55");
        assertThat(after("2026-11-21T00:00:00", "0 0 * * 7", 2))
                .containsExactly("2026-11-22T00:00", "2026-11-29T00:00");
        assertThat(after("2026-11-21T00:00:00", "0 0 * * 0", 1)).containsExactly("2026-11-22T00:00");
        assertThat(after("2026-11-19T00:00:00", "0 0 * * FRI-SUN", 4))
                .containsExactly("2026-11-20T00:00", "2026-11-21T00:00", "2026-11-22T00:00", "2026-11-27T00:00");
    }

    @Test
    void dayOfTheMonthOrOfTheWeekIsEnoughUnlessOneOfThemIsAny() {
        assertThat(after("2026-11-12T00:00:00", "0 0 13 * FRI", 3))
                .containsExactly("2026-11-13T00:00", "2026-11-20T00:00", "2026-11-27T00:00");
        assertThat(after("2026-11-12T00:00:00", "0 0 13 * *", 2))
                .containsExactly("2026-11-13T00:00", "2026-12-13T00:00");
        assertThat(after("2026-11-12T00:00:00", "0 0 * * FRI", 2))
                .containsExactly("2026-11-13T00:00", "2026-11-20T00:00");
    }

    @Test
    void lastDayOfFebruaryComesOnlyInLeapYears() {
        assertThat(after("2096-03-01T00:00:00", "0 0 29 2 *", 1)).containsExactly("2104-02-29T00:00");
        assertThat(after("2026-01-31T12:00:00", "0 0 31 * *", 2))
                .containsExactly("2026-03-31T00:00", "2026-05-31T00:00");
    }

    @Test
    void nicknamesAreUnderstood() {
        assertThat(after("2026-11-21T10:07:30", "@hourly", 1)).containsExactly("2026-11-21T11:00");
        assertThat(after("2026-11-21T10:07:30", "@Daily", 1)).containsExactly("2026-11-22T00:00");
        assertThat(after("2026-11-21T10:07:30", "@midnight", 1)).containsExactly("2026-11-22T00:00");
        assertThat(after("2026-11-21T10:07:30", "@weekly", 1)).containsExactly("2026-11-22T00:00");
        assertThat(after("2026-11-21T10:07:30", "@monthly", 1)).containsExactly("2026-12-01T00:00");
        assertThat(after("2026-11-21T10:07:30", "@yearly", 1)).containsExactly("2027-01-01T00:00");
        assertThat(after("2026-11-21T10:07:30", "@annually", 1)).containsExactly("2027-01-01T00:00");
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("", "five fields");
        refused("* * * *", "five fields");
        refused("* * * * * * *", "five fields");
        refused("@reboot", "@reboot");
        refused("60 * * * *", "minute", "'60'");
        refused("* 24 * * *", "hour", "'24'");
        refused("* * 0 * *", "day of the month", "'0'");
        refused("* * * 13 *", "month", "'13'");
        refused("* * * FOO *", "month", "'FOO'");
        refused("* * * * 8", "day of the week", "'8'");
        refused("60 * * * * *", "second", "'60'");
        refused("5-1 * * * *", "minute", "ends before it begins");
        refused("*/0 * * * *", "minute", "step '0'");
        refused("*/60 * * * *", "minute", "step '60'");
        refused("1-2/ * * * *", "minute", "step ''");
        refused("1, * * * *", "minute", "''");
        refused("-5 * * * *", "minute", "''");
        refused("1-2-3 * * * *", "minute", "'2-3'");
        refused("? * * * *", "minute", "'?'");
        refused("*-5 * * * *", "minute", "'*'");
        refused("* * L * *", "day of the month", "'L'");
        refused("* | * * *", "hour", "'|'");
        refused("* 99999999999999999999 * * *", "hour");
        refused("0 0 30 2 *", "no year");
        refused("0 0 31 4,6,9,11 *", "no year");
    }

    private static void refused(String text, String... named) {
        assertThatThrownBy(() -> Cron.parse(text))
                .as(text)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(named);
    }

    private static List<String> after(String time, String cron, int number) {
        var parsed = Cron.parse(cron);
        var times = new ArrayList<String>();
        for (var next = parsed.next(LocalDateTime.parse(time)); times.size() < number; next = parsed.next(next)) {
            times.add(next.toString());
        }
        return times;
    }
}
