package dev.holdfast.repositories;

import dev.holdfast.repositories.S3Clients.UnusableConnectionException;

/** What opens the PostgreSQL databases of connections. Thread-safe. */
public final class DatabaseLogins {

    static final String SCHEME = "postgresql";

    /** Where PostgreSQL listens unless somebody says otherwise. */
    static final int PORT = 5432;

    private final ConnectionTable connections;
    private final Secrets secrets;

    public DatabaseLogins(ConnectionTable connections, Secrets secrets) {
        this.connections = connections;
        this.secrets = secrets;
    }

    /**
     * A database, and who is to open it.
     *
     * @param sslMode as libpq knows it
     */
    public record Login(String host, int port, String database, String user, String password, String sslMode) {

        /** Without the password. */
        @Override
        public String toString() {
            return user + "@" + host + ":" + port + "/" + database;
        }
    }

    /**
     * What a tenant's connection says, with its secrets.
     *
     * @throws UnusableConnectionException when the connection, its secrets or the permission for its endpoint is gone,
     *     or it is no database's
     */
    public Login of(String tenant, String name) {
        var connection = connections
                .find(tenant, name)
                .orElseThrow(() -> new UnusableConnectionException("There is no connection " + name + "."));
        if (!connection.ofDatabase()) {
            throw new UnusableConnectionException("Connection " + name + " is to S3, and not to a database.");
        }
        secrets.ensureAllowed(connection);
        var endpoint = connection.endpoint();
        return new Login(
                endpoint.getHost(),
                endpoint.getPort() < 0 ? PORT : endpoint.getPort(),
                endpoint.getPath().substring(1),
                secrets.of(connection, connection.accessKey()),
                secrets.of(connection, connection.secretKey()),
                connection.tls());
    }
}
