package dev.holdfast.ingest.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.ingest.http.Problem;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.Problems;
import dev.holdfast.ingest.http.Trace;
import dev.holdfast.ingest.quotas.TenantQuotas;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.queue.InParallel;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Takes up to a hundred jobs in with one request, each by itself: one that is refused harms no other. */
@Singleton
final class JobBatch {

    private static final int MOST = 100;

    private final RecordSchema<BatchItem> itemSchema = new RecordSchema<>(BatchItem.class);
    private final SubmitReader reader;
    private final Submitter submitter;
    private final TenantQuotas quotas;

    JobBatch(SubmitReader reader, Submitter submitter, TenantQuotas quotas) {
        this.reader = reader;
        this.submitter = submitter;
        this.quotas = quotas;
    }

    /** The body of {@code POST /v1/jobs/batch}. */
    record BatchRequest(@NotNull @Size(min = 1, max = MOST) List<BatchItem> items) {}

    /**
     * One of the jobs.
     *
     * @param idempotencyKey as the header of {@code POST /v1/jobs}
     * @param job as the body of {@code POST /v1/jobs}
     */
    record BatchItem(
            Optional<@Size(min = 1, max = 130) String> idempotencyKey,

            @NotNull @Schema(implementation = SubmitRequest.class)
            JsonNode job) {}

    /** What came of the items, in their order. */
    record BatchAnswer(List<BatchItemAnswer> items) {}

    /** What {@code POST /v1/jobs} would have answered: a status, and the job's id or the problem. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record BatchItemAnswer(int status, Optional<String> id, Optional<Problem> problem) {}

    /** Throws a problem 422 when the body is no list of items; what is wrong within an item is that item's problem. */
    BatchAnswer submit(String tenant, JsonNode body, String path, Trace trace) throws InterruptedException {
        var places = new ArrayList<Place>();
        for (var item : items(body)) places.add(new Place("/items/" + places.size(), item));
        return new BatchAnswer(InParallel.map(places, place -> answer(tenant, place, path, trace)));
    }

    private record Place(String pointer, JsonNode item) {}

    private static JsonNode items(JsonNode body) {
        var items = body.path("items");
        if (!items.isArray() || items.isEmpty() || items.size() > MOST) {
            throw ProblemException.invalid(
                    "/items", "must be a list of 1 to " + MOST + " items {idempotencyKey?, job}");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals("items")) throw ProblemException.invalid("/" + name, "there is no such field");
        });
        return items;
    }

    private BatchItemAnswer answer(String tenant, Place place, String path, Trace trace) {
        try {
            var job = submit(tenant, place, trace).job();
            return new BatchItemAnswer(
                    job.state().isFinal() ? 200 : 202, Optional.of(job.id().toString()), Optional.empty());
        } catch (RuntimeException | InterruptedException e) {
            var problem = Problems.of(e, path).problem(path, trace.traceId());
            return new BatchItemAnswer(problem.status(), Optional.empty(), Optional.of(problem));
        }
    }

    private Submitter.Promise submit(String tenant, Place place, Trace trace) throws InterruptedException {
        var faults = itemSchema.faults(place.item(), place.pointer());
        if (!faults.isEmpty()) throw ProblemException.invalid(faults);
        var job = place.item().get("job");
        var spec = reader.read(job, place.pointer() + "/job");
        var ticket = quotas.admitJob(tenant, () -> SubmitReader.size(job));
        try (ticket) {
            var promise = submitter.submit(tenant, key(place), spec, SubmitReader.hash(job), trace.traceparent());
            if (!promise.replayed()) ticket.use();
            return promise;
        }
    }

    private static Optional<IdempotencyKey> key(Place place) {
        var key = place.item().path("idempotencyKey");
        return key.isTextual() ? IdempotencyKey.parse(key.asText()) : Optional.empty();
    }
}
