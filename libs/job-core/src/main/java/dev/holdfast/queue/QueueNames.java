package dev.holdfast.queue;

import dev.holdfast.job.Lane;

/** The names of Holdfast's queues. */
public record QueueNames(String prefix) {

    /** The queue of a lane. */
    public String lane(Lane lane) {
        return prefix + lane.wireName();
    }

    /** The queue from the workers to the notifier. */
    public String events() {
        return prefix + "events";
    }

    /** The queue from SES (through SNS) to the notifier. */
    public String mailFeedback() {
        return prefix + "mail-feedback";
    }

    /** The queue from the workers to the notifier, of calls of webhooks. */
    public String webhooks() {
        return prefix + "webhooks";
    }

    /** The queue beside a queue for what could not be handled. */
    public static String deadLetters(String queue) {
        return queue + "-dlq";
    }
}
