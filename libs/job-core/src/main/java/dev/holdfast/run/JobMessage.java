package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Json;
import java.util.Optional;

/**
 * What a lane's queue carries: the name of a job, and what a worker must know before it claims it. All else is read by
 * the claim.
 *
 * @param v the version of this wire format
 * @param type the job type's wire name
 * @param version the version of the job's payload
 */
public record JobMessage(int v, JobId job, String tenant, String type, int version) {

    static final int VERSION = 1;

    /** The message that brings a job to a worker. */
    public static String body(Job job) {
        var type = job.spec().type();
        return Json.write(new JobMessage(VERSION, job.id(), job.tenant(), type.wireName(), type.version()));
    }

    /** Empty when the text is no such message; one of a later wire format may lack everything but its version. */
    public static Optional<JobMessage> parse(String body) {
        try {
            return Optional.of(Json.read(body, JobMessage.class))
                    .filter(message -> message.v > VERSION || message.isWhole());
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }

    private boolean isWhole() {
        return v == VERSION && job != null && tenant != null && type != null;
    }

    /** The job's type, if this release can read message and payload. */
    Optional<JobType> knownType() {
        return v == VERSION ? JobType.named(type).filter(known -> version <= known.version()) : Optional.empty();
    }
}
