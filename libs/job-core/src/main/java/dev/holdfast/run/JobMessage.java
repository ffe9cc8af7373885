package dev.holdfast.run;

import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import java.util.Optional;

/**
 * What a lane's queue carries: the name of a job. All else is read by the claim.
 *
 * @param v the version of this wire format
 */
record JobMessage(int v, JobId job) {

    static final int VERSION = 1;

    static String body(JobId job) {
        return Json.write(new JobMessage(VERSION, job));
    }

    /** Empty when the text is no such message. */
    static Optional<JobMessage> parse(String body) {
        try {
            return Optional.of(Json.read(body, JobMessage.class)).filter(message -> message.job != null);
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }
}
