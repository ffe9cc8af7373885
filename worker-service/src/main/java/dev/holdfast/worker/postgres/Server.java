package dev.holdfast.worker.postgres;

import dev.holdfast.repositories.DatabaseLogins.Login;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Where a database is and how it is opened: by a connection of ours, and by PostgreSQL's own programs. */
record Server(Login login, String rootCertificates) {

    /** What a dump is read with: nothing is cut off by time, filtered, or in an order or form that may be another. */
    private static final String SETTINGS = """
            SET statement_timeout = 0;
            SET lock_timeout = '30s';
            SET idle_in_transaction_session_timeout = 0;
            SET row_security = off;
            SET synchronize_seqscans = off;
            SET extra_float_digits = 3;
            SET datestyle = 'ISO';
            SET intervalstyle = 'postgres';
            SET search_path = '';
            SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings
            WHERE name = 'transaction_timeout'""";

    /** Opens it. A server that says nothing for ten minutes is given up. */
    Connection connect() throws SQLException {
        var how = new Properties();
        how.setProperty("user", login.user());
        how.setProperty("password", login.password());
        how.setProperty("sslmode", login.sslMode());
        if (isVerified()) how.setProperty("sslrootcert", rootCertificates);
        how.setProperty("connectTimeout", "10");
        how.setProperty("socketTimeout", "600");
        how.setProperty("tcpKeepAlive", "true");
        how.setProperty("ApplicationName", "holdfast");
        var database = URLEncoder.encode(login.database(), StandardCharsets.UTF_8);
        var connection =
                driver().connect("jdbc:postgresql://%s:%d/%s".formatted(login.host(), login.port(), database), how);
        if (connection == null) throw new SQLException("the driver does not know its own URL");
        try (var settings = connection.createStatement()) {
            settings.execute(SETTINGS);
            return connection;
        } catch (SQLException refused) {
            connection.close();
            throw refused;
        }
    }

    /** By its name: its class has annotations that are not on our class path. */
    private static Driver driver() throws SQLException {
        try {
            return Class.forName("org.postgresql.Driver")
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException broken) {
            throw new SQLException("there is no driver", broken);
        }
    }

    /** The same for libpq, as environment variables: in arguments everybody on the machine could read them. */
    Map<String, String> environment() {
        var variables = new HashMap<>(Map.of(
                "PGHOST", login.host(),
                "PGPORT", String.valueOf(login.port()),
                "PGDATABASE", login.database(),
                "PGUSER", login.user(),
                "PGPASSWORD", login.password(),
                "PGSSLMODE", login.sslMode(),
                "PGGSSENCMODE", "disable",
                "PGCONNECT_TIMEOUT", "10",
                "PGAPPNAME", "holdfast"));
        if (isVerified()) variables.put("PGSSLROOTCERT", rootCertificates);
        return variables;
    }

    /** In other modes libpq would take the file for a wish to verify. */
    private boolean isVerified() {
        return login.sslMode().startsWith("verify");
    }
}
