package dev.holdfast.repositories;

import dev.holdfast.dynamo.Item;
import dev.holdfast.job.JobId;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The directories of repositories, in the table {@code catalog}: a row for each, named by the hash of what is in it, so
 * that writing it again changes nothing; large ones have more rows. Reads are eventually consistent.
 */
public final class DirectoryTable {

    /** DynamoDB's limit on a batch of reads. */
    static final int READS = 100;

    /** And on one of writes. */
    private static final int WRITES = 25;

    private final DynamoDbClient dynamo;
    private final String table;

    public DirectoryTable(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** A directory to be written. {@code parts}: see {@link DirectorySeal#seal}. */
    public record Sealed(Id tree, List<byte[]> parts) {
        public Sealed {
            parts = List.copyOf(parts);
        }

        /** Seals the entries of a directory. */
        public static Sealed of(DirectorySeal seal, Id tree, List<Node> nodes) {
            return new Sealed(tree, seal.seal(tree, nodes));
        }
    }

    /** The rows of a directory: the job that wrote them, and how many parts there are. */
    public record Rows(String job, int parts) {}

    /** The first part of a directory. {@code count}: of all parts. */
    @SuppressWarnings("ArrayRecordComponent") // stays in this package
    record First(byte[] sealed, int count) {}

    /** Those of the directories, at most {@value #READS}, that have a row. */
    public Set<Id> present(String tenant, String repository, Collection<Id> trees) {
        var found = new HashSet<Id>();
        get(tenant, repository, trees.stream().map(Id::toHex), Optional.of("sk"))
                .forEach(item -> found.add(tree(item)));
        return found;
    }

    /** The first parts of directories, at most {@value #READS}; of those that have a row. */
    Map<Id, First> first(String tenant, String repository, Collection<Id> trees) {
        var found = new HashMap<Id, First>();
        get(tenant, repository, trees.stream().map(Id::toHex), Optional.empty())
                .forEach(item -> found.put(tree(item), new First(bytes(item), (int) item.number("parts"))));
        return found;
    }

    /** The other parts of a directory, in order; empty if one is not there. */
    Optional<List<byte[]>> others(String tenant, String repository, Id tree, int count) {
        var found = new HashMap<String, byte[]>();
        for (var from = 1; from < count; from += READS) {
            var names = Stream.iterate(from, number -> number < count, number -> number + 1)
                    .limit(READS)
                    .map(number -> sortKey(tree, number));
            get(tenant, repository, names, Optional.empty()).forEach(item -> found.put(item.text("sk"), bytes(item)));
        }
        var parts = new ArrayList<byte[]>();
        for (var number = 1; number < count; number++) {
            var part = found.get(sortKey(tree, number));
            if (part == null) return Optional.empty();
            parts.add(part);
        }
        return Optional.of(parts);
    }

    private Stream<Item> get(String tenant, String repository, Stream<String> sortKeys, Optional<String> attribute) {
        var keys = sortKeys.map(sortKey -> key(tenant, repository, sortKey)).toList();
        var wanted = KeysAndAttributes.builder().keys(keys);
        attribute.ifPresent(wanted::projectionExpression);
        return dynamo.batchGetItemPaginator(get -> get.requestItems(Map.of(table, wanted.build()))).stream()
                .flatMap(page -> page.responses().getOrDefault(table, List.of()).stream())
                .map(Item::of);
    }

    /** All directories that have a row: 100 bytes of memory for each. */
    public Map<Id, Rows> all(String tenant, String repository) {
        var all = new HashMap<Id, Rows>();
        var known = new HashMap<Rows, Rows>();
        dynamo
                .queryPaginator(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Item.key(":pk", partition(tenant, repository)))
                        .projectionExpression("sk, job, parts"))
                .items()
                .stream()
                .map(Item::of)
                .forEach(item -> {
                    var rows = new Rows(item.text("job"), (int) item.number("parts"));
                    all.put(tree(item), known.computeIfAbsent(rows, same -> same));
                });
        return all;
    }

    /** Writes directories, each once. What of it is refused for now is written again, slower and slower. */
    public void put(String tenant, String repository, JobId job, List<Sealed> directories) {
        var writes = new ArrayList<WriteRequest>();
        for (var directory : directories) {
            for (var number = directory.parts().size() - 1; number >= 0; number--) {
                var item = Item.empty()
                        .withAll(Item.of(key(tenant, repository, sortKey(directory.tree(), number))))
                        .with("job", job.toString())
                        .with("parts", directory.parts().size())
                        .attributes();
                item.put(
                        "entries",
                        AttributeValue.fromB(
                                SdkBytes.fromByteArrayUnsafe(directory.parts().get(number))));
                writes.add(
                        WriteRequest.builder().putRequest(put -> put.item(item)).build());
            }
        }
        write(writes);
    }

    /** Removes directories. Removing them again changes nothing. */
    public void remove(String tenant, String repository, Map<Id, Rows> directories) {
        var writes = new ArrayList<WriteRequest>();
        directories.forEach((tree, rows) -> {
            for (var number = 0; number < rows.parts(); number++) {
                var key = key(tenant, repository, sortKey(tree, number));
                writes.add(WriteRequest.builder()
                        .deleteRequest(delete -> delete.key(key))
                        .build());
            }
        });
        write(writes);
    }

    private void write(List<WriteRequest> writes) {
        for (var from = 0; from < writes.size(); from += WRITES) {
            var batch = writes.subList(from, Math.min(writes.size(), from + WRITES));
            var refused = dynamo.batchWriteItem(write -> write.requestItems(Map.of(table, batch)))
                    .unprocessedItems()
                    .getOrDefault(table, List.of());
            refused.forEach(this::writeAlone);
        }
    }

    /** One by one, the SDK slows down. */
    private void writeAlone(WriteRequest write) {
        if (write.putRequest() != null) {
            dynamo.putItem(put -> put.tableName(table).item(write.putRequest().item()));
        } else {
            dynamo.deleteItem(
                    delete -> delete.tableName(table).key(write.deleteRequest().key()));
        }
    }

    private static Map<String, AttributeValue> key(String tenant, String repository, String sortKey) {
        return Item.key("pk", partition(tenant, repository), "sk", sortKey);
    }

    private static String partition(String tenant, String repository) {
        return "TREE#" + tenant + "#" + repository;
    }

    /** The first part has the name of the tree alone. */
    private static String sortKey(Id tree, int part) {
        return part == 0 ? tree.toHex() : "%s#%04d".formatted(tree.toHex(), part);
    }

    private static Id tree(Item item) {
        return Id.parse(item.text("sk").substring(0, 2 * Id.BYTES));
    }

    private static byte[] bytes(Item item) {
        return item.attributes()
                .getOrDefault("entries", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[0])))
                .b()
                .asByteArrayUnsafe();
    }
}
