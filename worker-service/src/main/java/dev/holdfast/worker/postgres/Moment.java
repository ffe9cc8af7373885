package dev.holdfast.worker.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A moment of a database, which several connections see, and {@code pg_dump} by its {@link #id}. A transaction holds it
 * until it is closed; so long no table can be altered, dropped or emptied by TRUNCATE. Thread-safe.
 */
final class Moment implements AutoCloseable {

    private static final String BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    /** Tables that are locked by one statement. */
    private static final int AT_ONCE = 500;

    private final Server server;
    private final Connection holder;
    private final String id;
    private final Contents contents;
    private final List<Connection> readers = new ArrayList<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private boolean closed;

    private Moment(Server server, Connection holder, String id, Contents contents) {
        this.server = server;
        this.holder = holder;
        this.id = id;
        this.contents = contents;
    }

    /** The moment is now. Waits up to half a minute for whoever alters a table. */
    static Moment of(Server server) throws SQLException {
        var holder = server.connect();
        try {
            execute(holder, BEGIN);
            var id = text(holder, "SELECT pg_catalog.pg_export_snapshot()");
            var contents = Contents.of(holder);
            var names = contents.tables().stream().map(Contents.Table::sql).toList();
            for (var from = 0; from < names.size(); from += AT_ONCE) {
                var some = names.subList(from, Math.min(from + AT_ONCE, names.size()));
                execute(
                        holder,
                        some.stream()
                                .collect(Collectors.joining(", ONLY ", "LOCK TABLE ONLY ", " IN ACCESS SHARE MODE")));
            }
            return new Moment(server, holder, id, contents);
        } catch (SQLException failed) {
            holder.close();
            throw failed;
        }
    }

    /** The number of the server's major release. */
    int release() throws SQLException {
        return holder.getMetaData().getDatabaseMajorVersion();
    }

    /** What other sessions import it by. */
    String id() {
        return id;
    }

    Contents contents() {
        return contents;
    }

    /** Begins to read a table; ends when the stream has been read to its end. */
    TableStream read(Contents.Table table) {
        try {
            var reader = take();
            return new TableStream(table, reader, () -> giveBack(reader));
        } catch (SQLException refused) {
            throw new UnreadableException("table " + table.sql(), refused);
        }
    }

    /** A connection that sees the moment: one that nobody uses, or a new one. */
    private Connection take() throws SQLException {
        synchronized (idle) {
            if (!idle.isEmpty()) return idle.pop();
        }
        var reader = server.connect();
        synchronized (idle) {
            readers.add(reader);
            if (closed) reader.close();
        }
        execute(reader, BEGIN);
        execute(reader, "SET TRANSACTION SNAPSHOT '" + id + "'");
        return reader;
    }

    private void giveBack(Connection reader) {
        synchronized (idle) {
            idle.push(reader);
        }
    }

    /** The values of all sequences, as SQL that sets them. They are those of now: never behind what tables hold. */
    String sequences() {
        var sql = new StringBuilder();
        for (var sequence : contents.sequences()) {
            try (var statement = holder.createStatement();
                    var row = statement.executeQuery("SELECT last_value, is_called FROM " + sequence.sql())) {
                row.next();
                sql.append("SELECT pg_catalog.setval(%s, %d, %b);\n"
                        .formatted(sequence.literal(), row.getLong(1), row.getBoolean(2)));
            } catch (SQLException refused) {
                throw new UnreadableException("sequence " + sequence.sql(), refused);
            }
        }
        return sql.toString();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Ends all that is being read. */
    @Override
    public void close() throws SQLException {
        synchronized (idle) {
            closed = true;
            for (var reader : readers) reader.abort(Runnable::run);
        }
        holder.close();
    }
}
