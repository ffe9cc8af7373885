package dev.holdfast.worker.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How PostgreSQL databases are read. */
@ConfigMapping(prefix = "holdfast.postgres")
public interface PostgresConfig {

    /** The {@code pg_dump} that writes schemas: a name in the path or a path. As new as the newest server, or newer. */
    @WithDefault("pg_dump")
    String pgDump();

    /** Tables of one database that are read at the same time, each by a connection of its own. 1 to 32. */
    @WithDefault("4")
    int readers();

    /** The file with the certificates, in PEM, that servers' certificates have to come from. */
    @WithDefault("/etc/ssl/certs/ca-certificates.crt")
    String rootCertificates();
}
