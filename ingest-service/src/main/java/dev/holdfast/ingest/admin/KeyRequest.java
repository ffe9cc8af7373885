package dev.holdfast.ingest.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.ingest.access.Scope;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The body of {@code POST /v1/admin/keys}.
 *
 * @param name what its owner calls it, 1 to 100 characters
 * @param tenant whose it is; default the caller's own
 * @param scopes what it may do, at least one
 * @param expiresAt when it ends; default never
 */
record KeyRequest(
        @NotNull @Size(min = 1, max = 100) String name,
        Optional<@Size(max = 63) String> tenant,
        @NotNull @Size(min = 1, max = 3) List<@NotNull ScopeName> scopes,
        Optional<Instant> expiresAt) {

    /** A scope as it is written. */
    enum ScopeName {
        @JsonProperty("jobs:write")
        JOBS_WRITE(Scope.JOBS_WRITE),
        @JsonProperty("jobs:read")
        JOBS_READ(Scope.JOBS_READ),
        @JsonProperty("admin")
        ADMIN(Scope.ADMIN);

        private final Scope scope;

        ScopeName(Scope scope) {
            this.scope = scope;
        }

        static List<ScopeName> of(Set<Scope> scopes) {
            return List.of(values()).stream()
                    .filter(name -> scopes.contains(name.scope))
                    .toList();
        }
    }

    Set<Scope> granted() {
        return scopes.stream().map(name -> name.scope).collect(Collectors.toSet());
    }

    /** What the audit log keeps of it. */
    Map<String, String> arguments() {
        var arguments = new TreeMap<String, String>();
        arguments.put("name", name);
        arguments.put("scopes", granted().stream().map(Scope::wireName).sorted().collect(Collectors.joining(" ")));
        expiresAt.ifPresent(end -> arguments.put("expiresAt", end.toString()));
        return arguments;
    }
}
