package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Json;
import java.util.Optional;

/**
 * What the events queue carries: that a job ended. May be sent again; job, state and fence tell that it is the same.
 *
 * @param v the version of this wire format
 * @param fence the fence of the run that ended the job: a retried job ends under another
 */
public record JobEvent(int v, JobId job, JobState state, long fence) {

    static final int VERSION = 1;

    static String body(Job job) {
        return Json.write(new JobEvent(VERSION, job.id(), job.state(), job.fence()));
    }

    /** Empty when the text is no such event, or one of a version that is not known here. */
    public static Optional<JobEvent> parse(String body) {
        try {
            return Optional.of(Json.read(body, JobEvent.class))
                    .filter(event -> event.v == VERSION && event.job != null && event.state != null);
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }
}
