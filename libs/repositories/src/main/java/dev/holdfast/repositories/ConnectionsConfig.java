package dev.holdfast.repositories;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** What tenants may connect to, and where the secrets for it are. */
@ConfigMapping(prefix = "holdfast.connections")
public interface ConnectionsConfig {

    /**
     * The S3 endpoints and database servers that connections may name, such as {@code https://s3.example.org},
     * {@code https://*.example.org} or {@code postgresql://db.example.org}: scheme, host and port, where {@code *.}
     * stands for one or more labels.
     */
    Optional<List<String>> endpoints();

    /**
     * Environment variables that hold secrets begin with this, and then with the tenant in upper case and {@code _}.
     */
    @WithDefault("HOLDFAST_SECRET_")
    String variablePrefix();

    /** The folder of secrets in files, one folder for each tenant in it. */
    Optional<String> secretFolder();
}
