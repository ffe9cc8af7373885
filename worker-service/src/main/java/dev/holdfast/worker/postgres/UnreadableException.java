package dev.holdfast.worker.postgres;

import java.sql.SQLException;
import java.util.Optional;

/** A database cannot be read on; nothing else of it is worth reading then. */
final class UnreadableException extends RuntimeException {

    private final String sqlState;

    UnreadableException(String what, SQLException why) {
        super(what + ": " + why.getMessage(), why);
        this.sqlState = Optional.ofNullable(why.getSQLState()).orElse("");
    }

    /** One of PostgreSQL's programs says why. */
    UnreadableException(String message) {
        super(message);
        this.sqlState = "";
    }

    /** Whether the server will refuse it again, as long as nobody changes anything. */
    boolean isRefusal() {
        return isRefusal(sqlState);
    }

    /** The same of an error with that code: who may not log in or read, no TLS where it is asked for, no database. */
    static boolean isRefusal(String sqlState) {
        return sqlState.startsWith("28")
                || sqlState.equals("08004")
                || sqlState.equals("3D000")
                || sqlState.equals("42501");
    }
}
