package dev.holdfast.ingest;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;

/** Puts what any request may be refused with into the OpenAPI document: as the default response of every operation. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class AnyOperation implements OASFilter {

    static final String REFUSED = "refused";

    @Override
    public Operation filterOperation(Operation operation) {
        operation.getResponses().setDefaultValue(OASFactory.createAPIResponse().ref(REFUSED));
        return operation;
    }
}
