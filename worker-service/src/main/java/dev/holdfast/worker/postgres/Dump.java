package dev.holdfast.worker.postgres;

import dev.holdfast.queue.Ahead;
import dev.holdfast.restic.SourceEntry;
import dev.holdfast.restic.SourceEntry.Content;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.worker.postgres.Contents.Table;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * A moment of a database as a folder of SQL files: {@code pg_dump} writes what comes before and after the rows, and
 * each table's rows are a file that can be restored by itself. {@code restore.sql} puts all of them together. For one
 * thread, which takes the files in their order.
 */
final class Dump implements AutoCloseable {

    private static final String PRE_DATA = "pre-data.sql";
    private static final String DATA = "data";
    private static final String LARGE_OBJECTS = "large-objects.sql";
    private static final String SEQUENCES = "sequences.sql";
    private static final String POST_DATA = "post-data.sql";

    /** By the bytes of the name, as a folder must be listed once it is large. */
    static final Comparator<Table> BY_FILE = Comparator.comparing(table -> ByteString.of(path(table)));

    private final Server server;
    private final Moment moment;
    private final PgDump pgDump;
    private final int readers;
    private final Instant modified;
    private final List<Table> tables;
    private final List<Ahead<?, ?>> reading = new ArrayList<>();

    /**
     * The rows of all tables but those that are left out.
     *
     * @param modified what all files have as their time
     * @param leftOut whether to leave the rows of the table at that path out
     */
    Dump(Server server, Moment moment, PgDump pgDump, int readers, Instant modified, Predicate<String> leftOut) {
        this.server = server;
        this.moment = moment;
        this.pgDump = pgDump;
        this.readers = readers;
        this.modified = modified;
        this.tables = moment.contents().tables().stream()
                .filter(table -> !leftOut.test(path(table)))
                .sorted(BY_FILE)
                .toList();
    }

    /** The folder. */
    SourceDirectory folder(String name) {
        return directory(name, () -> files().iterator());
    }

    private List<SourceEntry> files() {
        var files = new ArrayList<SourceEntry>();
        files.add(pgDump(PRE_DATA, "--section=pre-data"));
        files.add(directory(DATA, this::schemas));
        if (moment.contents().largeObjects()) {
            files.add(pgDump(LARGE_OBJECTS, "--section=data", "--exclude-table-data=*.*"));
        }
        files.add(file(SEQUENCES, () -> bytes(moment.sequences())));
        files.add(pgDump(POST_DATA, "--section=post-data"));
        files.add(file("restore.sql", () -> bytes(restore())));
        return files;
    }

    private SourceFile pgDump(String name, String... part) {
        return file(name, () -> pgDump.open(server, moment.id(), List.of(part)));
    }

    /** A folder for each schema; the tables of all of them are read ahead, in the order of their files. */
    private Iterator<SourceDirectory> schemas() {
        var streams = new Ahead<>(tables.iterator(), moment::read, readers);
        reading.add(streams);
        var schemas = new LinkedHashMap<String, List<SourceFile>>();
        for (var table : tables) {
            schemas.computeIfAbsent(table.schema(), _ -> new ArrayList<>())
                    .add(file(FileNames.of(table.name()) + ".sql", () -> rows(table, streams.next())));
        }
        return schemas.entrySet().stream()
                .map(schema -> directory(FileNames.of(schema.getKey()), schema.getValue()::iterator))
                .iterator();
    }

    private static InputStream rows(Table table, TableStream rows) {
        if (!rows.table().equals(table)) throw new IllegalStateException("the files are not taken in their order");
        var before = bytes("SET client_encoding = 'UTF8';\n" + table.copyIn() + "\n");
        return new SequenceInputStream(Collections.enumeration(List.of(before, rows, bytes("\\.\n"))));
    }

    private String restore() {
        var script = new StringBuilder("""
                -- Restores the database: createdb shop && psql -X -d shop -f restore.sql
                \\set ON_ERROR_STOP on
                """);
        include(script, PRE_DATA);
        for (var table : tables) include(script, path(table));
        if (moment.contents().largeObjects()) include(script, LARGE_OBJECTS);
        include(script, SEQUENCES);
        include(script, POST_DATA);
        return script.toString();
    }

    private static void include(StringBuilder script, String path) {
        script.append("\\ir '").append(path).append("'\n");
    }

    private static String path(Table table) {
        return DATA + "/" + FileNames.of(table.schema()) + "/" + FileNames.of(table.name()) + ".sql";
    }

    private SourceFile file(String name, Content content) {
        return new SourceFile(ByteString.of(name), Attributes.of(0644, modified), -1, content);
    }

    private SourceDirectory directory(String name, SourceEntry.Children children) {
        return new SourceDirectory(ByteString.of(name), Attributes.of(0755, modified), children);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends what is being read ahead. */
    @Override
    public void close() {
        reading.forEach(Ahead::close);
    }
}
