package dev.holdfast.ingest.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Glob;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.JobType;
import dev.holdfast.job.Json;
import dev.holdfast.job.Notify;
import dev.holdfast.mail.MailSettings;
import dev.holdfast.mail.SmsRules;
import dev.holdfast.outbound.FetchConfig;
import dev.holdfast.outbound.OutboundGuard;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Turns the body of a submission into what is asked for, or into a problem that names every fault. */
@Singleton
public final class SubmitReader {

    private static final ObjectMapper CANONICAL =
            Json.mapper().copy().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final RecordSchema<SubmitRequest> envelope = new RecordSchema<>(SubmitRequest.class);
    private final JobTypes types;
    private final SmsRules sms;
    private final OutboundGuard outbound;
    private final FetchConfig fetch;
    private final InstantSource clock;

    SubmitReader(JobTypes types, SmsRules sms, OutboundGuard outbound, FetchConfig fetch, InstantSource clock) {
        this.types = types;
        this.sms = sms;
        this.outbound = outbound;
        this.fetch = fetch;
        this.clock = clock;
    }

    /**
     * What is asked for; a problem 422 when it is not valid.
     *
     * @param base the pointer to the job within the request; empty: it is the whole body
     */
    public JobSpec read(JsonNode job, String base) {
        var request = envelope.read(job, base);
        var type = JobType.named(request.type())
                .filter(JobType::isPublic)
                .orElseThrow(() -> unknownType(request.type(), base));
        var payload = types.payload(type).read(request.payload(), base + "/payload");
        checkUrl(payload, base);
        checkExclude(payload, base);
        checkTimes(request, base);
        request.notification().ifPresent(told -> checkNumbers(told.sms(), base + "/notify/sms/"));
        return new JobSpec(
                payload,
                request.notification()
                        .map(SubmitRequest.Recipients::toNotify)
                        .orElse(Notify.byDefault(MailSettings.ENDS)),
                request.notBefore(),
                request.deadline(),
                request.maxAttempts().orElse(type.retryPolicy().maxAttempts()),
                request.labels());
    }

    /** SHA-256 of the body, whatever the order of its fields and its white space; Base64. */
    public static String hash(JsonNode body) {
        try {
            var canonical = CANONICAL.writeValueAsBytes(CANONICAL.treeToValue(body, Object.class));
            return Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (JsonProcessingException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What a job counts in bytes: its JSON without white space. */
    public static long size(JsonNode job) {
        return job.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Its name is not looked up here: it may not be known yet, and is whenever it is called. */
    private void checkUrl(JobPayload payload, String base) {
        if (!(payload instanceof JobPayload.Backup backup)
                || !(backup.source() instanceof BackupSource.Http(var url))) {
            return;
        }
        var objection = outbound.objection(url, fetch.plain());
        if (objection.isPresent()) throw ProblemException.invalid(base + "/payload/source/url", objection.get());
    }

    private static void checkExclude(JobPayload payload, String base) {
        if (!(payload instanceof JobPayload.Backup backup)) return;
        for (var i = 0; i < backup.exclude().size(); i++) {
            var objection = Glob.objection(backup.exclude().get(i));
            if (objection.isPresent()) throw ProblemException.invalid(base + "/payload/exclude/" + i, objection.get());
        }
    }

    private void checkTimes(SubmitRequest request, String base) {
        var now = clock.instant();
        var earliest = request.notBefore().filter(now::isBefore).orElse(now);
        if (request.deadline().filter(earliest::isAfter).isPresent()) {
            throw ProblemException.invalid(base + "/deadline", "must not be over before the job may start");
        }
    }

    private void checkNumbers(List<String> numbers, String base) {
        for (var i = 0; i < numbers.size(); i++) {
            var objection = sms.objection(numbers.get(i));
            if (objection.isPresent()) throw ProblemException.invalid(base + i, objection.get());
        }
    }

    private static ProblemException unknownType(String type, String base) {
        var known = Arrays.stream(JobType.values())
                .filter(JobType::isPublic)
                .map(JobType::wireName)
                .collect(Collectors.joining(", "));
        return ProblemException.invalid(base + "/type", "unknown job type '" + type + "'; known are " + known);
    }
}
