package dev.holdfast.worker.tables;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of one segment of a table's keys, as lines of JSON. The first are fetched at once, so that ordinary
 * segments have been read before anybody asks for them. For one thread at a time.
 */
final class Segment extends InputStream {

    /** Bytes that are fetched ahead, and the rest of the last page. */
    private static final int AHEAD = 2 << 20;

    private final DynamoDbClient dynamo;
    private final String table;
    private final int number;
    private final int of;
    private Map<String, AttributeValue> after = Map.of();
    private boolean ended;
    private byte[] lines = new byte[0];
    private int position;

    Segment(DynamoDbClient dynamo, String table, int number, int of) {
        this.dynamo = dynamo;
        this.table = table;
        this.number = number;
        this.of = of;
        var ahead = new ByteArrayOutputStream();
        while (ahead.size() < AHEAD && fetch()) ahead.writeBytes(lines);
        this.lines = ahead.toByteArray();
    }

    private boolean fetch() {
        if (ended) return false;
        var page = dynamo.scan(scan -> scan.tableName(table)
                .segment(number)
                .totalSegments(of)
                .consistentRead(true)
                .exclusiveStartKey(after.isEmpty() ? null : after));
        after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        ended = after.isEmpty();
        lines = ItemJson.lines(page.items());
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
        while (position == lines.length) {
            if (!fetch()) return length == 0 ? 0 : -1;
        }
        var count = Math.min(length, lines.length - position);
        System.arraycopy(lines, position, bytes, offset, count);
        position += count;
        return count;
    }
}
