package dev.holdfast.worker.postgres;

import dev.holdfast.worker.postgres.Contents.Table;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

/**
 * The rows of a table as {@code COPY} writes them. The first are fetched at once, so that small tables have been read
 * before anybody asks for them. Fails with an {@link UnreadableException}. For one thread at a time.
 */
final class TableStream extends InputStream {

    /** Bytes that are fetched ahead, and the rest of the last row. */
    private static final int AHEAD = 1 << 20;

    private final Table table;
    private final CopyOut copy;
    private final Runnable done;
    private byte[] rows = new byte[0];
    private int position;
    private boolean ended;

    /** {@code done} is called when the server has sent all: the connection is free then. */
    TableStream(Table table, Connection connection, Runnable done) throws SQLException {
        this.table = table;
        this.done = done;
        this.copy = new CopyManager(connection.unwrap(BaseConnection.class)).copyOut(table.copyOut());
        var ahead = new ByteArrayOutputStream();
        while (ahead.size() < AHEAD && fetch()) ahead.writeBytes(rows);
        this.rows = ahead.toByteArray();
    }

    Table table() {
        return table;
    }

    private boolean fetch() throws SQLException {
        if (ended) return false;
        var next = copy.readFromCopy();
        if (next == null) {
            ended = true;
            done.run();
            return false;
        }
        rows = next;
        position = 0;
        return true;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        var count = 0;
        while (count < length) {
            if (position == rows.length && !next()) break;
            var some = Math.min(length - count, rows.length - position);
            System.arraycopy(rows, position, bytes, offset + count, some);
            position += some;
            count += some;
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    private boolean next() {
        try {
            return fetch();
        } catch (SQLException broken) {
            throw new UnreadableException("table " + table.sql(), broken);
        }
    }
}
