package dev.holdfast.worker.tables;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.job.Json;
import dev.holdfast.queue.Ahead;
import dev.holdfast.restic.SourceEntry;
import dev.holdfast.restic.SourceEntry.Content;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * A table as a folder: what makes it again, and its items in files. The segments of its keys are read side by side. For
 * one thread, which takes the files in their order.
 */
final class Export implements AutoCloseable {

    /** Always as many, so that a file has the items of the same part of the keys each time. */
    private static final int FILES = 16;

    /** Segments that are read at the same time. */
    private static final int AT_ONCE = 4;

    /** How large a segment should be at most; there are no more than a million of them. */
    private static final long SEGMENT_BYTES = 4 << 20;

    private static final int MOST_SEGMENTS = 1 << 19;

    private final DynamoDbClient dynamo;
    private final TableDescription table;
    private final String timeToLive;
    private final Instant modified;
    private final Runnable keeping;
    private final int segmentsInFile;
    private final List<Ahead<?, ?>> reading = new ArrayList<>();

    private Export(
            DynamoDbClient dynamo, TableDescription table, String timeToLive, Instant modified, Runnable keeping) {
        this.dynamo = dynamo;
        this.table = table;
        this.timeToLive = timeToLive;
        this.modified = modified;
        this.keeping = keeping;
        this.segmentsInFile = segments(table.tableSizeBytes()) / FILES;
    }

    /**
     * {@code modified} is what all files have as their time; {@code keeping} is called often while a throttled table is
     * waited for, by any thread.
     */
    static Export of(DynamoDbClient dynamo, String name, Instant modified, Runnable keeping) {
        var table = dynamo.describeTable(describe -> describe.tableName(name)).table();
        var expiry =
                dynamo.describeTimeToLive(describe -> describe.tableName(name)).timeToLiveDescription();
        var expires = expiry.timeToLiveStatus() == TimeToLiveStatus.ENABLED;
        return new Export(dynamo, table, expires ? timeToLive(name, expiry.attributeName()) : "", modified, keeping);
    }

    /** The input of {@code aws dynamodb update-time-to-live --cli-input-json}. */
    private static String timeToLive(String table, String attribute) {
        ObjectNode json = Json.mapper().createObjectNode().put("TableName", table);
        json.putObject("TimeToLiveSpecification").put("Enabled", true).put("AttributeName", attribute);
        return json.toPrettyString() + "\n";
    }

    /**
     * A power of two: when a table has outgrown it, each segment becomes two of the same items in the same order, and
     * the files stay as they are.
     */
    static int segments(long tableBytes) {
        var segments = FILES;
        while (segments < MOST_SEGMENTS && tableBytes / segments > SEGMENT_BYTES) segments *= 2;
        return segments;
    }

    SourceDirectory folder() {
        return directory(table.tableName(), () -> {
            var files = new ArrayList<SourceEntry>();
            files.add(file("table.json", () -> bytes(TableJson.of(table))));
            if (!timeToLive.isEmpty()) files.add(file("time-to-live.json", () -> bytes(timeToLive)));
            files.add(directory("data", this::items));
            return files.iterator();
        });
    }

    private Iterator<SourceFile> items() {
        var total = FILES * segmentsInFile;
        var segments = new Ahead<>(
                IntStream.range(0, total).iterator(),
                number -> new Segment(dynamo, table.tableName(), number, total, keeping),
                AT_ONCE);
        reading.add(segments);
        return IntStream.range(0, FILES)
                .mapToObj(number -> file("%02d.json".formatted(number), () -> new InTurn(segments, segmentsInFile)))
                .iterator();
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
