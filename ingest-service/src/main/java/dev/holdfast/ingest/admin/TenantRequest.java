package dev.holdfast.ingest.admin;

import dev.holdfast.ingest.access.Quotas;
import dev.holdfast.ingest.access.Tenant;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The body of {@code POST /v1/admin/tenants}. */
record TenantRequest(
        @NotNull @Pattern(regexp = Tenant.NAME) String name,
        @Valid Optional<Quotas> quotas) {

    /** What the audit log keeps of quotas. */
    static Map<String, String> arguments(Quotas quotas) {
        var arguments = new TreeMap<String, String>();
        quotas.requestsPerSecond().ifPresent(most -> arguments.put("requestsPerSecond", most.toString()));
        quotas.openJobs().ifPresent(most -> arguments.put("openJobs", most.toString()));
        quotas.bytesPerDay().ifPresent(most -> arguments.put("bytesPerDay", most.toString()));
        return arguments;
    }
}
