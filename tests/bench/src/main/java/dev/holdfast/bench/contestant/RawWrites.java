package dev.holdfast.bench.contestant;

import dev.holdfast.core.TableNames;
import dev.holdfast.job.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/** The two writes of a job by the SDK and nothing else: what the stand-in for DynamoDB can do at most. */
public final class RawWrites implements Contestant {

    /** Short, for a blocking read cannot be interrupted; it makes no difference while there are messages. */
    private static final int WAIT_SECONDS = 1;

    private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

    private final Counting calls = new Counting();
    private final CountingUnits units = new CountingUnits();
    private final SqsClient sqs = Clients.here().sqs(calls);
    private final DynamoDbClient dynamo = Clients.here().dynamo(units);
    private final int threads;
    private final List<Thread> pollers = new ArrayList<>();
    private volatile boolean stopped;

    private RawWrites(int threads) {
        this.threads = threads;
    }

    /** The argument is the number of threads. */
    public static void main(String[] arguments) throws Exception {
        Contestant.serve(new RawWrites(Integer.parseInt(arguments[0])));
    }

    @Override
    public void start(String queue, Runnable handled) {
        var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        var prefix = queue.substring(0, queue.length() - Lane.BULK.wireName().length());
        var table = new TableNames(prefix).jobs();
        stopped = false;
        for (var i = 0; i < threads; i++) {
            pollers.add(Thread.ofPlatform().start(() -> poll(url, table, handled)));
        }
    }

    private void poll(String url, String table, Runnable handled) {
        while (!stopped) {
            try {
                var messages = sqs.receiveMessage(receive -> receive.queueUrl(url)
                                .maxNumberOfMessages(10)
                                .waitTimeSeconds(WAIT_SECONDS)
                                .visibilityTimeout(30))
                        .messages();
                for (var message : messages) {
                    write(table, message);
                    handled.run();
                }
                if (!messages.isEmpty()) delete(url, messages);
            } catch (SdkException e) {
                if (!stopped) throw e;
            }
        }
    }

    private void write(String table, Message message) {
        var id = ID.matcher(message.body());
        if (!id.find()) throw new IllegalArgumentException(message.body());
        var key = Map.of("id", AttributeValue.fromS(id.group()));
        for (var state : List.of("RUNNING", "SUCCEEDED")) {
            dynamo.updateItem(update -> update.tableName(table)
                    .key(key)
                    .updateExpression("SET #state = :state")
                    .conditionExpression("attribute_exists(id)")
                    .expressionAttributeNames(Map.of("#state", "state"))
                    .expressionAttributeValues(Map.of(":state", AttributeValue.fromS(state)))
                    .returnValues(ReturnValue.ALL_NEW));
        }
    }

    private void delete(String url, List<Message> messages) {
        var entries = messages.stream()
                .map(message -> DeleteMessageBatchRequestEntry.builder()
                        .id(message.messageId())
                        .receiptHandle(message.receiptHandle())
                        .build())
                .toList();
        sqs.deleteMessageBatch(delete -> delete.queueUrl(url).entries(entries));
    }

    @Override
    public void stop() throws InterruptedException {
        stopped = true;
        pollers.forEach(Thread::interrupt);
        for (var poller : pollers) poller.join();
        pollers.clear();
    }

    @Override
    public Map<String, Double> counts() {
        var all = new TreeMap<>(calls.counts());
        all.putAll(units.counts());
        return all;
    }
}
