package dev.holdfast.ingest.quotas;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;

/** Documents that every operation that needs a key may be too much: {@link RateFilter} counts them all. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class EveryOperation implements OASFilter {

    @Override
    public Operation filterOperation(Operation operation) {
        var open = operation.getSecurity() != null && operation.getSecurity().isEmpty();
        if (!open && !operation.getResponses().hasAPIResponse("429")) {
            operation
                    .getResponses()
                    .addAPIResponse("429", OASFactory.createAPIResponse().ref("problem"));
        }
        return operation;
    }
}
