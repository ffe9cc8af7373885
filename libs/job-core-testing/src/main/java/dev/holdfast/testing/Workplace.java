package dev.holdfast.testing;

import dev.holdfast.catalog.Catalog;
import dev.holdfast.core.TableNames;
import dev.holdfast.job.Lane;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.resources.BucketResource;
import dev.holdfast.resources.QueueResource;
import dev.holdfast.resources.ResourcesConfig;
import dev.holdfast.table.JobTable;
import dev.holdfast.users.UserTable;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Where handlers under test work: queues, tables and a bucket of their own, and a clock that the faults move. What it
 * makes begins with {@code faults-} and a random name, and stays: an endpoint that is thrown away suits it best.
 */
public final class Workplace implements AutoCloseable {

    /** To whom all jobs belong. */
    public static final String TENANT = "faults";

    private final RandomGenerator random = new SecureRandom();
    private final Settings settings = new Settings("faults-" + HexFormat.of().toHexDigits(random.nextInt()) + "-");
    private final Tripwire tripwire = new Tripwire();
    private final DynamoDbClient dynamo;
    private final S3Client s3;
    private final SqsClient sqs;
    private final DynamoDbClient runtimeDynamo;
    private final SqsClient runtimeSqs;
    private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private Workplace(Endpoints at) {
        dynamo = at.client(DynamoDbClient.builder(), at.dynamodb(), tripwire);
        s3 = at.client(Endpoints.s3Builder(), at.s3(), tripwire);
        sqs = at.client(SqsClient.builder(), at.sqs(), tripwire);
        runtimeDynamo = at.client(DynamoDbClient.builder(), at.dynamodb(), tripwire.mortality());
        runtimeSqs = at.client(SqsClient.builder(), at.sqs(), tripwire.mortality());
    }

    /** Makes a workplace with the tables, queues and bucket of a worker. Other tables are for the test to make. */
    public static Workplace at(Endpoints endpoints) {
        var workplace = new Workplace(endpoints);
        var queues = workplace.queues();
        for (var lane : Lane.values()) new QueueResource(workplace.runtimeSqs, queues.lane(lane)).provision();
        new QueueResource(workplace.runtimeSqs, queues.events()).provision();
        JobTable.resource(workplace.dynamo, workplace.tables().jobs()).provision();
        UserTable.resource(workplace.dynamo, workplace.tables().userData()).provision();
        Catalog.resource(workplace.dynamo, workplace.tables().catalog()).provision();
        new BucketResource(workplace.s3, workplace.settings.bucket()).provision();
        return workplace;
    }

    /** For the handler, and for whatever prepares or looks at its tables. */
    public DynamoDbClient dynamo() {
        return dynamo;
    }

    /** For the handler, and for whatever prepares or looks at its bucket. */
    public S3Client s3() {
        return s3;
    }

    /** For a handler that sends messages. */
    public SqsClient sqs() {
        return sqs;
    }

    /** For {@link JobTable#stillMine}. */
    public JobTable jobs() {
        return new JobTable(dynamo, tables().jobs(), settings, clock(), random);
    }

    /** The names of the tables; a handler's own begin with {@link TableNames#prefix}. */
    public TableNames tables() {
        return new TableNames(settings.prefix());
    }

    /** Names the bucket. */
    public ResourcesConfig resources() {
        return settings;
    }

    /** The time of all runs. It stands still but for what the faults let pass. */
    public InstantSource clock() {
        return () -> now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    QueueNames queues() {
        return new QueueNames(settings.prefix());
    }

    Settings settings() {
        return settings;
    }

    Tripwire tripwire() {
        return tripwire;
    }

    DynamoDbClient runtimeDynamo() {
        return runtimeDynamo;
    }

    SqsClient runtimeSqs() {
        return runtimeSqs;
    }

    RandomGenerator random() {
        return random;
    }

    /** Closes the clients; tables, queues and bucket stay. */
    @Override
    public void close() {
        dynamo.close();
        s3.close();
        sqs.close();
        runtimeDynamo.close();
        runtimeSqs.close();
    }
}
