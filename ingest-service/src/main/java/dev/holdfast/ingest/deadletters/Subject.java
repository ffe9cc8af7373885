package dev.holdfast.ingest.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.Json;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a letter is about, as far as it can be recognised.
 *
 * @param tenant whose letter it is; without one it is nobody's
 * @param type the wire name of the job's type
 */
record Subject(Optional<String> tenant, Optional<JobId> job, Optional<String> type) {

    private static final Subject UNKNOWN = new Subject(Optional.empty(), Optional.empty(), Optional.empty());

    /** What SQS takes as a MessageGroupId, which a tenant's name must do. */
    private static final Pattern TENANT = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    /** What the body of a message names, also if it is one of a version that is not known here. */
    static Subject in(String body) {
        try {
            var json = Json.mapper().readTree(body);
            return new Subject(
                    text(json, "tenant").filter(tenant -> TENANT.matcher(tenant).matches()),
                    text(json, "job").flatMap(JobId::parse),
                    text(json, "type").filter(type -> TYPE.matcher(type).matches()));
        } catch (JsonProcessingException garbage) {
            return UNKNOWN;
        }
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.of(json.path(field)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    /** The same, with what its job tells. */
    Subject with(Job known) {
        return new Subject(
                Optional.of(known.tenant()),
                Optional.of(known.id()),
                Optional.of(known.spec().type().wireName()));
    }
}
