package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Json;
import java.util.Optional;

/**
 * What the webhooks queue carries: that a job ended, and who is to hear of it. May be sent again; job, state and fence
 * tell that it is the same.
 *
 * @param v the version of this wire format
 * @param fence the fence of the run that ended the job: a retried job ends under another
 * @param webhook its name within the job's tenant; empty: all that want to hear of it
 */
public record WebhookCall(int v, JobId job, JobState state, long fence, String webhook) {

    static final int VERSION = 1;

    static WebhookCall of(Job job) {
        return new WebhookCall(VERSION, job.id(), job.state(), job.fence(), "");
    }

    /** The same for one webhook. */
    public WebhookCall to(String name) {
        return new WebhookCall(v, job, state, fence, name);
    }

    /** Whether the job still stands as it ended then. */
    public boolean isAbout(Job now) {
        return now.state() == state && now.fence() == fence;
    }

    /** Its form on the queue. */
    String body() {
        return Json.write(this);
    }

    /** Empty when the text is no such call, or one of a version that is not known here. */
    public static Optional<WebhookCall> parse(String body) {
        try {
            return Optional.of(Json.read(body, WebhookCall.class))
                    .filter(call ->
                            call.v == VERSION && call.job != null && call.state != null && call.webhook != null);
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }
}
