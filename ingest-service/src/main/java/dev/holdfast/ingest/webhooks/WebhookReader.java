package dev.holdfast.ingest.webhooks;

import dev.holdfast.ingest.http.Body;
import dev.holdfast.ingest.http.Problem.FieldError;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.job.JobType;
import dev.holdfast.outbound.OutboundGuard;
import dev.holdfast.webhook.SigningSecret;
import dev.holdfast.webhook.Webhook;
import dev.holdfast.webhook.WebhookConfig;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns bodies of requests into webhooks, or into problems that name every fault. */
@Singleton
final class WebhookReader {

    private static final Duration LONGEST_OVERLAP = Duration.ofDays(90);

    private final RecordSchema<WebhookRequest> webhooks = new RecordSchema<>(WebhookRequest.class);
    private final RecordSchema<SecretRotation> rotations = new RecordSchema<>(SecretRotation.class);
    private final OutboundGuard guard;
    private final WebhookConfig config;
    private final InstantSource clock;

    WebhookReader(OutboundGuard guard, WebhookConfig config, InstantSource clock) {
        this.guard = guard;
        this.config = config;
        this.clock = clock;
    }

    /**
     * The body of a rotation.
     *
     * @param overlap how long calls are still signed with the secret before, 0 to 90 days; default a day
     */
    record SecretRotation(Optional<Duration> overlap) {}

    /**
     * A webhook with that secret. Its name is not looked up here: it may not be known yet, and is whenever it is
     * called.
     */
    Webhook webhook(InputStream body, SigningSecret secret) {
        var request = webhooks.read(Body.read(body));
        var faults = new ArrayList<FieldError>();
        guard.objection(request.url(), config.plain()).ifPresent(fault -> faults.add(new FieldError("/url", fault)));
        var types = types(request.types(), faults);
        if (!faults.isEmpty()) throw ProblemException.invalid(faults);
        return new Webhook(
                request.name(),
                request.url(),
                request.ends(),
                types,
                List.of(secret),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                Optional.empty());
    }

    private static Set<JobType> types(List<String> names, List<FieldError> faults) {
        var types = EnumSet.noneOf(JobType.class);
        for (var i = 0; i < names.size(); i++) {
            var type = JobType.named(names.get(i)).filter(JobType::isPublic);
            if (type.isPresent()) types.add(type.get());
            else faults.add(new FieldError("/types/" + i, "is none of GET /v1/job-types"));
        }
        return types;
    }

    Duration overlap(InputStream body) {
        var overlap = rotations.read(Body.read(body)).overlap().orElse(Duration.ofDays(1));
        if (!overlap.isNegative() && overlap.compareTo(LONGEST_OVERLAP) <= 0) return overlap;
        throw ProblemException.invalid("/overlap", "must be 0 to 90 days, such as PT24H");
    }
}
