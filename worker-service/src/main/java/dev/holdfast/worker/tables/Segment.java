package dev.holdfast.worker.tables;

import dev.holdfast.aws.AwsFailure;
import dev.holdfast.queue.Backoff;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * The items of one segment of a table's keys, as lines of JSON. The first are fetched at once, so that ordinary
 * segments have been read before anybody asks for them. For one thread at a time.
 */
final class Segment extends InputStream {

    /** Bytes that are fetched ahead, and the rest of the last page. */
    private static final int AHEAD = 2 << 20;

    /** So that a small table has recovered some capacity, and its other readers have had theirs. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final DynamoDbClient dynamo;
    private final String table;
    private final int number;
    private final int of;
    private final Runnable keeping;
    private Map<String, AttributeValue> after = Map.of();
    private boolean ended;
    private byte[] lines = new byte[0];
    private int position;

    /** {@code keeping} is called between the waits of one that is throttled; what it throws ends the reading. */
    Segment(DynamoDbClient dynamo, String table, int number, int of, Runnable keeping) {
        this.dynamo = dynamo;
        this.table = table;
        this.number = number;
        this.of = of;
        this.keeping = keeping;
        var ahead = new ByteArrayOutputStream();
        while (ahead.size() < AHEAD && fetch()) ahead.writeBytes(lines);
        this.lines = ahead.toByteArray();
    }

    private boolean fetch() {
        if (ended) return false;
        var page = page();
        after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        ended = after.isEmpty();
        lines = ItemJson.lines(page.items());
        position = 0;
        return true;
    }

    /** A throttled page is waited for here: a run that began anew would read again what it has, and never end. */
    private ScanResponse page() {
        for (var throttled = 0; ; throttled++) {
            try {
                return dynamo.scan(scan -> scan.tableName(table)
                        .segment(number)
                        .totalSegments(of)
                        .consistentRead(true)
                        .exclusiveStartKey(after.isEmpty() ? null : after));
            } catch (SdkException e) {
                if (!AwsFailure.of(e).equals(Optional.of(AwsFailure.THROTTLE))) throw e;
            }
            pause(Backoff.after(throttled, LONGEST_WAIT));
            keeping.run();
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted"); // as a scan that is interrupted
        }
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        while (position == lines.length) {
            if (!fetch()) return length == 0 ? 0 : -1;
        }
        var count = Math.min(length, lines.length - position);
        System.arraycopy(lines, position, bytes, offset, count);
        position += count;
        return count;
    }
}
