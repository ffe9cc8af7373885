package dev.holdfast.worker.postgres;

import dev.holdfast.core.Range;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.repositories.DatabaseLogins;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the databases of connections. What can never be read is an outcome. */
@Singleton
public final class Databases {

    private final DatabaseLogins logins;
    private final PostgresConfig config;
    private final PgDump pgDump;

    public Databases(DatabaseLogins logins, PostgresConfig config) {
        Range.check("holdfast.postgres.readers", config.readers(), 1, 32);
        this.logins = logins;
        this.config = config;
        this.pgDump = new PgDump(config.pgDump());
    }

    /** Stores what is read. */
    @FunctionalInterface
    public interface Reading {
        Outcome store(SourceDirectory folder) throws IOException;
    }

    /**
     * Lets a database be stored as it is at this moment.
     *
     * @param leftOut whether to leave the rows of the table at that path ({@code data/public/orders.sql}) out
     * @param reading is given a folder of the connection's name, whose files it takes in their order
     * @throws dev.holdfast.repositories.S3Clients.UnusableConnectionException when the connection cannot be used
     */
    public Outcome read(Job job, BackupSource.Postgres source, Predicate<String> leftOut, Reading reading)
            throws IOException {
        var server = new Server(logins.of(job.tenant(), source.connection()), config.rootCertificates());
        try (var moment = Moment.of(server)) {
            var unfit = unfit(moment.release());
            if (unfit.isPresent()) return unfit.get();
            try (var dump = new Dump(server, moment, pgDump, config.readers(), job.createdAt(), leftOut)) {
                return reading.store(dump.folder(source.connection()));
            }
        } catch (SQLException failed) {
            if (UnreadableException.isRefusal(String.valueOf(failed.getSQLState()))) return unreadable(failed);
            throw new IOException("the database cannot be read: " + failed.getMessage(), failed);
        } catch (UnreadableException failed) {
            if (failed.isRefusal()) return unreadable(failed);
            throw new IOException("the database cannot be read: " + failed.getMessage(), failed);
        }
    }

    /** Older programs than the server refuse it, for they do not know all that it has. */
    private Optional<Rejected> unfit(int server) {
        var release = pgDump.release();
        if (release.isEmpty()) {
            return Optional.of(new Rejected(
                    "pg-dump-missing",
                    "The worker has no %s: PostgreSQL's client programs must be in its image."
                            .formatted(config.pgDump())));
        }
        if (release.getAsInt() >= server) return Optional.empty();
        return Optional.of(new Rejected(
                "pg-dump-too-old",
                "The server is PostgreSQL %d, and the worker's pg_dump of %d.".formatted(server, release.getAsInt())));
    }

    private static Rejected unreadable(Exception refusal) {
        return new Rejected("source-unreadable", "The database cannot be read: " + refusal.getMessage());
    }
}
