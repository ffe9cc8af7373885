package dev.holdfast.tests.faults;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.Run;
import dev.holdfast.users.ConfirmationToken;
import dev.holdfast.users.User;
import dev.holdfast.users.UserTable;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Registers users as the real worker does, after as many effects as the registration asks for, and misbehaves where it
 * says so. It never looks at its lease: only the fence keeps a run that lost its job from doing harm.
 */
final class ProbeHandler implements JobHandler {

    private static final int A_LOT = 8 << 20;

    private final EffectLog effects;
    private final UserTable users;
    private final S3Client s3;
    private final String bucket;
    private final ProbeClock clock;

    ProbeHandler(EffectLog effects, UserTable users, S3Client s3, String bucket, ProbeClock clock) {
        this.effects = effects;
        this.users = users;
        this.s3 = s3;
        this.bucket = bucket;
        this.clock = clock;
    }

    @Override
    public Outcome handle(Run run) throws InterruptedException {
        if (!(run.job().spec().payload() instanceof JobPayload.Registration registration)) {
            return new Outcome.Rejected("not-for-probes", "A probe knows registrations only.");
        }
        var orders = ProbeOrders.of(registration.attributes());
        if (run.job().attempt() <= orders.failTimes()) throw new IllegalStateException("told to fail");
        if (run.job().fence() <= orders.throttleTimes()) throw throttled();
        clock.jump(orders.clockJump());
        for (var step = 1; step <= orders.steps(); step++) {
            if (step == orders.haltAt()) Runtime.getRuntime().halt(137);
            if (step == orders.hangAt()) new CountDownLatch(1).await();
            if (step == orders.exhaustAt()) exhaustMemory();
            effects.append(run.job(), step);
            Thread.sleep(orders.stepTime());
        }
        return register(run.job(), registration);
    }

    private static ProvisionedThroughputExceededException throttled() {
        return ProvisionedThroughputExceededException.builder()
                .message("told to be throttled")
                .statusCode(400)
                .build();
    }

    private static void exhaustMemory() {
        var all = new ArrayList<byte[]>();
        for (var total = 0L; ; total += all.getLast().length) {
            all.add(new byte[A_LOT]);
            if (total < 0) throw new IllegalStateException("memory without end");
        }
    }

    private Outcome register(Job job, JobPayload.Registration registration) {
        var user = new User(
                User.idFor(job.id()),
                job.tenant(),
                registration.username(),
                registration.email(),
                registration.attributes(),
                clock.instant(),
                1,
                User.Status.UNCONFIRMED,
                ConfirmationToken.newSecret());
        return switch (users.register(job, user)) {
            case UserTable.Registration.Stored(var stored) -> {
                s3.putObject(
                        put -> put.bucket(bucket)
                                .key("registrations/%s/%s/v1.json".formatted(stored.tenant(), stored.userId())),
                        RequestBody.fromString("{\"user_id\":\"" + stored.userId() + "\"}"));
                yield new Outcome.Succeeded(new JobResult.Registered(stored.userId()));
            }
            case UserTable.Registration.EmailTaken() -> new Outcome.Rejected("email-taken", "taken");
            case UserTable.Registration.UsernameTaken() -> new Outcome.Rejected("username-taken", "taken");
        };
    }
}
