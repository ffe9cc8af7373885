package dev.holdfast.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The jobs that a job has fanned out to last.
 *
 * @param fence the fence of the run that fanned out
 * @param total how many they are
 * @param outstanding how many of them have not ended yet
 * @param failed how many of them ended otherwise than well
 * @param lastEnd when the last one of those that have ended did so
 */
public record Children(long fence, int total, int outstanding, int failed, Optional<Instant> lastEnd) {

    /** How many have ended, well or not. */
    public int done() {
        return total - outstanding;
    }

    /** Their ids, in the order in which they were asked for. */
    public List<JobId> ids(JobId parent) {
        return IntStream.range(0, total)
                .mapToObj(index -> JobId.child(parent, fence, index))
                .toList();
    }
}
