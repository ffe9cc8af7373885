package dev.holdfast.ingest.http;

import dev.holdfast.queue.NotSentException;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/** Says which problem an exception is to the client, and logs what only the operator is to know. */
public final class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);

    private Problems() {}

    /**
     * The problem that the client reads.
     *
     * @param path of the request, for the log
     */
    public static ProblemException of(Exception e, String path) {
        return switch (e) {
            case ProblemException problem -> problem;
            case SdkException failed -> {
                LOG.warnf("AWS call failed path=%s error=%s", path, failed);
                yield ProblemException.unavailable("A queue or table cannot be reached; nothing was promised.");
            }
            case NotSentException refused -> {
                LOG.warnf("message refused path=%s error=%s", path, refused.getMessage());
                yield ProblemException.unavailable("The queue did not take the job; nothing was promised.");
            }
            case InterruptedException stop ->
                ProblemException.unavailable("The service is being stopped; nothing was promised.");
            default -> {
                LOG.errorf(e, "request failed path=%s", path);
                yield ProblemException.ofStatus(500, "A defect of this service", "It was logged under the trace id.");
            }
        };
    }
}
