package dev.holdfast.worker.backup;

import dev.holdfast.job.JobPayload;
import dev.holdfast.restic.KeepPolicy;
import dev.holdfast.restic.KeepPolicy.Age;
import java.time.Duration;
import java.time.Period;

/** The rules of a payload as restic has them. */
final class KeepRules {

    private KeepRules() {}

    static KeepPolicy of(JobPayload.Forget forget) {
        var counted = KeepPolicy.none()
                .withCounts(
                        forget.keepLast().orElse(0),
                        0,
                        forget.keepDaily().orElse(0),
                        forget.keepWeekly().orElse(0),
                        forget.keepMonthly().orElse(0),
                        forget.keepYearly().orElse(0));
        return forget.keepWithin().map(text -> counted.withWithin(age(text))).orElse(counted);
    }

    /** Of a text in the form that {@link JobPayload.Forget#AGE} allows. */
    static Age age(String text) {
        var time = text.indexOf('T');
        var date = time < 0 ? text : text.substring(0, time);
        var period = date.equals("P") ? Period.ZERO : Period.parse(date);
        var hours = time < 0
                ? 0
                : Math.toIntExact(Duration.parse("P" + text.substring(time)).toHours());
        return new Age(period.getYears(), period.getMonths(), period.getDays(), hours);
    }
}
