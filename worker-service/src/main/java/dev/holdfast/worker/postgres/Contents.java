package dev.holdfast.worker.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What there is in a database, but for what PostgreSQL and its extensions bring along.
 *
 * @param tables by schema and name
 * @param sequences by schema and name, those of identity columns as well
 * @param largeObjects whether there are any
 */
record Contents(List<Table> tables, List<Sequence> sequences, boolean largeObjects) {

    /**
     * A table with rows of its own.
     *
     * @param sql its name as SQL has it, as is that of a {@link Sequence}
     * @param columns as SQL has them, separated by commas, without those that are computed
     * @param condition which rows are the user's, in the words of the extension whose table it is; empty: all
     */
    record Table(String schema, String name, String sql, String columns, String condition) {

        String copyOut() {
            return condition.isEmpty()
                    ? "COPY " + sql + list() + " TO STDOUT"
                    : "COPY (SELECT " + columns + " FROM ONLY " + sql + " " + condition + ") TO STDOUT";
        }

        String copyIn() {
            return "COPY " + sql + list() + " FROM stdin;";
        }

        private String list() {
            return columns.isEmpty() ? "" : " (" + columns + ")";
        }
    }

    /**
     * A sequence.
     *
     * @param literal its name in SQL as a text in SQL
     */
    record Sequence(String sql, String literal) {}

    /** Relations of the user's, or those parts of an extension that it declares to be for users to fill. */
    private static final String RELATIONS = """
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN (SELECT unnest(extconfig) AS oid, unnest(extcondition) AS condition
                       FROM pg_catalog.pg_extension) e ON e.oid = c.oid
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND (e.oid IS NOT NULL OR NOT EXISTS (
                SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'))
            """;

    /** On a standby, unlogged tables have no rows and cannot be read. */
    private static final String TABLES = """
            SELECT n.nspname, c.relname, pg_catalog.format('%I.%I', n.nspname, c.relname),
                coalesce((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
                    FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), ''),
                coalesce(e.condition, '')
            """ + RELATIONS + """
            AND c.relkind = 'r' AND c.relpersistence <> 't'
            AND NOT (c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery())
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """;

    private static final String SEQUENCES = """
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname),
                pg_catalog.quote_literal(pg_catalog.format('%I.%I', n.nspname, c.relname))
            """ + RELATIONS + """
            AND c.relkind = 'S' AND c.relpersistence <> 't'
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """;

    /** Opens each of them, for {@code pg_dump} would say only in words that one must not be read. */
    private static final String LARGE_OBJECTS =
            "SELECT count(pg_catalog.lo_get(oid, 0, 0)) > 0 FROM pg_catalog.pg_largeobject_metadata";

    /** Throws an {@link UnreadableException#isRefusal(String) refusal} if a large object must not be read. */
    static Contents of(Connection connection) throws SQLException {
        return new Contents(
                list(connection, TABLES, Contents::table),
                list(connection, SEQUENCES, row -> new Sequence(row.getString(1), row.getString(2))),
                list(connection, LARGE_OBJECTS, row -> row.getBoolean(1)).getFirst());
    }

    private static Table table(ResultSet row) throws SQLException {
        return new Table(row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5));
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static <T> List<T> list(Connection connection, String query, Row<T> reading) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var all = new ArrayList<T>();
            while (rows.next()) all.add(reading.read(rows));
            return all;
        }
    }
}
