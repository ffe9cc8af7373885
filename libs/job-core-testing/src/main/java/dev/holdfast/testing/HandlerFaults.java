package dev.holdfast.testing;

import dev.holdfast.job.Job;
import dev.holdfast.testing.Scenario.AtStep;
import dev.holdfast.testing.Scenario.DuplicateAfterwards;
import dev.holdfast.testing.Scenario.DuplicateAtOnce;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * Says whether the effects of a job handler stay single, whatever happens to its runs.
 *
 * <p>It runs a job undisturbed, to learn the handler's AWS calls, and then a fresh one for each scenario: its message
 * twice, and every {@link Fault} at every call. Claim, retry and end are those of production, on real endpoints.
 */
public final class HandlerFaults {

    private final Workplace workplace;
    private final Tripwire tripwire;
    private final Subject subject;
    private final Set<Fault> faults;
    private final List<String> calls;
    private final Ending undisturbed;

    private HandlerFaults(Workplace workplace, Subject subject, Set<Fault> faults) throws InterruptedException {
        this.workplace = workplace;
        this.faults = faults;
        this.tripwire = workplace.tripwire();
        this.subject = subject;
        var workers = new Workers(workplace, subject);
        var job = workers.accept();
        tripwire.watch();
        workers.drive(job.id());
        this.calls = tripwire.calls();
        this.undisturbed = ending(workers, job);
        if (!undisturbed.job().state().isFinal()) {
            throw new IllegalStateException("the undisturbed job does not end: " + undisturbed.job());
        }
    }

    /** Runs all trials; some seconds for a handler with few calls, for their number is seven for each. */
    public static FaultReport run(Workplace workplace, Subject subject) throws InterruptedException {
        return run(workplace, subject, EnumSet.allOf(Fault.class));
    }

    /** The same with some of the faults only, for a handler with many calls. */
    public static FaultReport run(Workplace workplace, Subject subject, Set<Fault> faults) throws InterruptedException {
        return new HandlerFaults(workplace, subject, faults).report();
    }

    private FaultReport report() throws InterruptedException {
        var trials = new ArrayList<Trial>();
        trials.add(duplicateAfterwards());
        trials.add(duplicateAtOnce());
        for (var fault : faults) {
            for (var step = 1; step <= calls.size(); step++) {
                trials.add(atStep(new AtStep(fault, step, calls.size(), calls.get(step - 1))));
            }
        }
        return new FaultReport(calls, undisturbed.job().state(), undisturbed.effects(), trials);
    }

    private Trial duplicateAfterwards() throws InterruptedException {
        var workers = new Workers(workplace, subject);
        var job = workers.accept();
        workers.drive(job.id());
        var first = ending(workers, job);
        workers.deliver(job.id());
        return judged(new DuplicateAfterwards(), workers, List.of(first, ending(workers, job)));
    }

    private Trial duplicateAtOnce() throws InterruptedException {
        var workers = new Workers(workplace, subject);
        var job = workers.accept();
        workers.deliverTwiceAtOnce(job.id());
        workers.drive(job.id());
        var first = ending(workers, job);
        workers.deliver(job.id()); // the message of the one that came too late
        return judged(new DuplicateAtOnce(), workers, List.of(first, ending(workers, job)));
    }

    private Trial atStep(AtStep scenario) throws InterruptedException {
        var workers = new Workers(workplace, subject);
        var job = workers.accept();
        var endings = new ArrayList<Ending>();
        tripwire.arm(scenario.step(), scenario.fault().moment(), () -> strike(scenario, workers, job, endings));
        workers.drive(job.id());
        var struck = tripwire.disarm();
        endings.add(ending(workers, job));
        var trial = judged(scenario, workers, endings);
        return struck
                ? trial
                : trial.with("the step was not reached: the payload must ask for the same work each time");
    }

    private void strike(AtStep scenario, Workers workers, Job job, List<Ending> endings) {
        switch (scenario.fault()) {
            case EXPIRY -> takeOver(workers, job, endings);
            case KILL_BEFORE, KILL_AFTER -> tripwire.kill();
            case THROTTLE -> throw throttled(scenario.call());
            case RESET, LOST_ANSWER ->
                throw SdkClientException.create("Connection reset", new SocketException("Connection reset"));
            case REPEAT -> throw RetryableException.create("Connection reset");
        }
    }

    /** Another run ends the job while this one stands still; it may be that of a child. */
    private void takeOver(Workers workers, Job job, List<Ending> endings) {
        var silent = workers.inWork();
        workers.leaseRunsOut();
        try {
            workers.drive(silent);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
        if (silent.equals(job.id())) endings.add(ending(workers, job));
    }

    private static SdkException throttled(String call) {
        return switch (call.substring(0, call.indexOf('.'))) {
            case "DynamoDb" ->
                ProvisionedThroughputExceededException.builder()
                        .awsErrorDetails(code("ProvisionedThroughputExceededException"))
                        .statusCode(400)
                        .build();
            case "S3" ->
                S3Exception.builder()
                        .awsErrorDetails(code("SlowDown"))
                        .statusCode(503)
                        .build();
            default ->
                SqsException.builder()
                        .awsErrorDetails(code("RequestThrottled"))
                        .statusCode(400)
                        .build();
        };
    }

    private static AwsErrorDetails code(String code) {
        return AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage("throttled by a fault")
                .build();
    }

    private Ending ending(Workers workers, Job job) {
        var ended = workers.find(job.id());
        return new Ending(ended, subject.effects().apply(ended));
    }

    private Trial judged(Scenario scenario, Workers workers, List<Ending> endings) {
        var end = endings.getLast().job();
        var violations = new Judgement(subject, undisturbed, scenario, endings).violations();
        return new Trial(scenario, workers.runs(), end.state(), end.attempt(), violations);
    }
}
