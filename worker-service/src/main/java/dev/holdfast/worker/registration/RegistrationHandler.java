package dev.holdfast.worker.registration;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Json;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.run.Run;
import dev.holdfast.users.ConfirmationToken;
import dev.holdfast.users.User;
import dev.holdfast.users.UserTable;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Stores a user, unless e-mail or username is taken, and keeps a copy of the record in the bucket. The user's id is
 * derived from the job, so a repeated run finds what an earlier one stored and only completes it.
 */
@Singleton
public final class RegistrationHandler {

    private final UserTable users;
    private final S3Client s3;
    private final String bucket;
    private final InstantSource clock;

    RegistrationHandler(UserTable users, S3Client s3, ResourcesConfig resources, InstantSource clock) {
        this.users = users;
        this.s3 = s3;
        this.bucket = resources.bucket();
        this.clock = clock;
    }

    /** Registers the user of the payload. */
    public Outcome handle(Run run, JobPayload.Registration registration) {
        return switch (users.register(run.job(), newUser(run.job(), registration))) {
            case UserTable.Registration.Stored(var user) -> {
                run.ensureMine();
                keepCopy(user);
                yield new Succeeded(new JobResult.Registered(user.userId()));
            }
            case UserTable.Registration.EmailTaken() ->
                new Rejected("email-taken", "This e-mail address is already registered.");
            case UserTable.Registration.UsernameTaken() ->
                new Rejected("username-taken", "This username is already taken.");
        };
    }

    private User newUser(Job job, JobPayload.Registration registration) {
        return new User(
                User.idFor(job.id()),
                job.tenant(),
                registration.username(),
                registration.email(),
                registration.attributes(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                1,
                User.Status.UNCONFIRMED,
                ConfirmationToken.newSecret());
    }

    /** The same bytes whenever it is written, so writing it twice does no harm. */
    private void keepCopy(User user) {
        var key = "registrations/%s/%s/v%d.json".formatted(user.tenant(), user.userId(), user.version());
        s3.putObject(
                put -> put.bucket(bucket).key(key).contentType("application/json"),
                RequestBody.fromString(Json.write(Copy.of(user))));
    }

    /** What the copy holds: the record without the secret of the confirmation link. */
    private record Copy(
            String user_id,
            String tenant,
            String username,
            String email,
            Map<String, String> attributes,
            Instant created_at,
            long version) {

        static Copy of(User user) {
            return new Copy(
                    user.userId(),
                    user.tenant(),
                    user.username(),
                    user.email(),
                    user.attributes(),
                    user.createdAt(),
                    user.version());
        }
    }
}
