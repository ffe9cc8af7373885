package dev.holdfast.local.cloud;

import dev.holdfast.local.StandIns;
import dev.holdfast.local.ses.SesStandIn;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The main class of the JVM that stands in for SQS, S3 and SES v2. */
public final class LocalCloud {
    private LocalCloud() {}

    /**
     * Starts all three on 127.0.0.1; SES last, so that its health page tells that all are up.
     *
     * @param arguments the ports of SQS, S3 and SES, then the folder to keep everything in; without a folder queues and
     *     mails live in memory and objects in a temporary folder that is deleted at the end
     */
    public static void main(String[] arguments) {
        // The servers' threads would keep a half-started JVM alive.
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            System.exit(1);
        });
        int sqsPort = Integer.parseInt(arguments[0]);
        int s3Port = Integer.parseInt(arguments[1]);
        int sesPort = Integer.parseInt(arguments[2]);
        Optional<Path> data = arguments.length > 3 ? Optional.of(Path.of(arguments[3])) : Optional.empty();

        S3StandIn.start(s3Port, data.map(folder -> folder.resolve("s3")));
        SqsStandIn.start(sqsPort, StandIns.REGION, data.map(folder -> folder.resolve("sqs")));
        SesStandIn.start(
                sesPort,
                data.map(folder -> folder.resolve("mails")),
                Optional.of(URI.create("http://127.0.0.1:" + sqsPort)));
    }
}
