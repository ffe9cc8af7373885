package dev.holdfast.run;

import dev.holdfast.job.Job;
import dev.holdfast.table.JobFamilies;
import java.time.Duration;

/** Tells whom the end of a job concerns: the people who want to know, and the job that waits for it. */
public final class Announcer {

    private final JobQueues queues;
    private final JobFamilies families;

    public Announcer(JobQueues queues, JobFamilies families) {
        this.queues = queues;
        this.families = families;
    }

    /** Returns when SQS has taken what there is to tell. Telling it again does no harm. */
    public void tell(Job ended) throws InterruptedException {
        queues.announce(ended);
        if (ended.parent().isEmpty()) return;
        var parent = families.wake(ended.parent().get());
        if (parent.isPresent()) queues.enqueue(parent.get(), Duration.ZERO);
    }
}
