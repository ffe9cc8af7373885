package dev.holdfast.worker.tables;

import dev.holdfast.core.TableNames;
import dev.holdfast.job.BackupSource;
import dev.holdfast.job.Job;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.restic.SourceEntry.SourceDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** Reads the DynamoDB tables that the operator allows. What can never be read is an outcome. */
public final class Tables {

    private final DynamoDbClient dynamo;
    private final Set<String> allowed;

    /**
     * {@code allowed} are the names that backups may ask for. Holdfast's own tables hold the data of all tenants:
     * whoever allows one is told at start.
     */
    public Tables(DynamoDbClient dynamo, List<String> allowed, TableNames own) {
        this.dynamo = dynamo;
        this.allowed = allowed.stream().map(String::strip).collect(Collectors.toSet());
        for (var table : own.all()) {
            if (this.allowed.contains(table)) {
                throw new IllegalArgumentException(
                        "holdfast.backup.tables must not name a table of Holdfast: " + table);
            }
        }
    }

    /** Stores what is read. */
    @FunctionalInterface
    public interface Reading {
        Outcome store(SourceDirectory folder) throws IOException;
    }

    /**
     * Lets a table be stored.
     *
     * @param keeping is called often, by any thread, while a throttled table is waited for; what it throws ends the
     *     reading
     * @param reading is given a folder of the table's name, whose files it takes in their order
     */
    public Outcome read(Job job, BackupSource.DynamoDb source, Runnable keeping, Reading reading) throws IOException {
        var table = source.table();
        if (!allowed.contains(table)) {
            return new Rejected("table-not-allowed", "The operator allows no backups of the table " + table + ".");
        }
        Export export;
        try {
            export = Export.of(dynamo, table, job.createdAt(), keeping);
        } catch (ResourceNotFoundException none) {
            return new Rejected("table-not-found", "There is no table " + table + ".");
        }
        try (export) {
            return reading.store(export.folder());
        }
    }
}
