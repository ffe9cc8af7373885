package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a run has come: {@code done} of {@code total}, counted in {@code unit}s ({@code total} 0 = not known).
 *
 * @param perSecond units a second since the run began
 * @param estimatedEnd when it ends if it goes on like that; only with a total
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Progress(
        long done, long total, String unit, String note, Optional<Double> perSecond, Optional<Instant> estimatedEnd) {

    /** Without its pace, which {@link dev.holdfast.run.Run} adds. */
    public Progress(long done, long total, String unit, String note) {
        this(done, total, unit, note, Optional.empty(), Optional.empty());
    }

    /** The same with the pace that it has, if so much was done from {@code begun} to {@code now}. */
    public Progress paced(Instant begun, Instant now) {
        var millis = Duration.between(begun, now).toMillis();
        if (done <= 0 || millis <= 0) return this;
        var perMilli = (double) done / millis;
        var end = total < done
                ? Optional.<Instant>empty()
                : Optional.of(now.plusMillis(Math.round((total - done) / perMilli)));
        return new Progress(done, total, unit, note, Optional.of(Math.round(perMilli * 1e6) / 1e3), end);
    }
}
