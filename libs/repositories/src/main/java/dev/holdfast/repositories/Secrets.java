package dev.holdfast.repositories;

import dev.holdfast.repositories.S3Clients.UnusableConnectionException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What connections may name, bounded by the operator: endpoints of a list, and secrets of the tenant alone, in
 * environment variables and files. Whoever can name a connection could otherwise read any variable of the service, or
 * make it talk to anybody.
 */
public final class Secrets {

    private static final Pattern VARIABLE = Pattern.compile("[A-Z0-9_]{1,200}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final List<String> IMPLIED =
            List.of("https:443", "http:80", DatabaseLogins.SCHEME + ":" + DatabaseLogins.PORT);

    private final ConnectionsConfig config;
    private final Function<String, Optional<String>> variables;

    /** {@code variables} looks an environment variable up. */
    public Secrets(ConnectionsConfig config, Function<String, Optional<String>> variables) {
        this.config = config;
        this.variables = variables;
    }

    /** Whether connections may name the endpoint. */
    public boolean allowsEndpoint(URI endpoint) {
        return config.endpoints().orElseGet(List::of).stream().anyMatch(allowed -> matches(allowed.strip(), endpoint));
    }

    private static boolean matches(String pattern, URI endpoint) {
        var allowed = withoutImpliedPort(pattern);
        var origin = origin(endpoint);
        var star = allowed.indexOf("://*.");
        if (star < 0) return allowed.equalsIgnoreCase(origin);
        var scheme = allowed.substring(0, star + 3).toLowerCase(Locale.ROOT);
        var suffix = allowed.substring(star + 4).toLowerCase(Locale.ROOT);
        return origin.startsWith(scheme)
                && origin.endsWith(suffix)
                && origin.length() > scheme.length() + suffix.length();
    }

    /** Scheme, host and port in lower case; a port that the scheme implies is left out. */
    private static String origin(URI endpoint) {
        var scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        var host = String.valueOf(endpoint.getHost()).toLowerCase(Locale.ROOT);
        var port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
        return withoutImpliedPort(scheme + "://" + host + port);
    }

    private static String withoutImpliedPort(String origin) {
        for (var implied : IMPLIED) {
            var scheme = implied.substring(0, implied.indexOf(':'));
            var port = implied.substring(scheme.length());
            if (origin.startsWith(scheme + "://") && origin.endsWith(port)) {
                return origin.substring(0, origin.length() - port.length());
            }
        }
        return origin;
    }

    /** The secret that a reference names; empty when the tenant may not name it, or there is none. */
    public Optional<String> find(String tenant, String reference) {
        if (reference.startsWith("env:")) return variable(tenant, reference.substring("env:".length()));
        if (reference.startsWith("file:")) return file(tenant, reference.substring("file:".length()));
        return Optional.empty();
    }

    /**
     * The secret of a connection.
     *
     * @throws UnusableConnectionException when it is not there
     */
    String of(Connection connection, String reference) {
        return find(connection.tenant(), reference)
                .orElseThrow(() -> new UnusableConnectionException(
                        "The secret %s of connection %s is not there.".formatted(reference, connection.name())));
    }

    /** Throws an {@link UnusableConnectionException} when connections may not name its endpoint any more. */
    void ensureAllowed(Connection connection) {
        if (!allowsEndpoint(connection.endpoint())) {
            throw new UnusableConnectionException(
                    "The operator does not allow the endpoint of connection " + connection.name() + ".");
        }
    }

    private Optional<String> variable(String tenant, String name) {
        var prefix = config.variablePrefix() + tenant.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
        return VARIABLE.matcher(name).matches() && name.startsWith(prefix) ? variables.apply(name) : Optional.empty();
    }

    private Optional<String> file(String tenant, String name) {
        if (config.secretFolder().isEmpty()
                || !FILE.matcher(name).matches()
                || !FILE.matcher(tenant).matches()) return Optional.empty();
        var file = Path.of(config.secretFolder().get()).resolve(tenant).resolve(name);
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
