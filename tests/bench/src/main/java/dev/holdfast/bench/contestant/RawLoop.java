package dev.holdfast.bench.contestant;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The SDK and nothing else: threads that receive ten and delete ten. What others are measured by. It asks for the
 * attributes without which nobody can tell a retry or a wait, as the others do, for they cost the queue time.
 */
public final class RawLoop implements Contestant {

    /** Short, for a blocking read cannot be interrupted; it makes no difference while there are messages. */
    private static final int WAIT_SECONDS = 1;

    private final Counting calls = new Counting();
    private final SqsClient sqs = Clients.here().sqs(calls);
    private final int threads;
    private final List<Thread> pollers = new ArrayList<>();
    private volatile boolean stopped;

    private RawLoop(int threads) {
        this.threads = threads;
    }

    /** The argument is the number of threads. */
    public static void main(String[] arguments) throws Exception {
        Contestant.serve(new RawLoop(Integer.parseInt(arguments[0])));
    }

    @Override
    public void start(String queue, Runnable handled) {
        var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        stopped = false;
        for (var i = 0; i < threads; i++) {
            pollers.add(Thread.ofPlatform().start(() -> poll(url, handled)));
        }
    }

    private void poll(String url, Runnable handled) {
        while (!stopped) {
            try {
                var messages = sqs.receiveMessage(receive -> receive.queueUrl(url)
                                .maxNumberOfMessages(10)
                                .waitTimeSeconds(WAIT_SECONDS)
                                .visibilityTimeout(30)
                                .messageAttributeNames("traceparent")
                                .messageSystemAttributeNames(
                                        MessageSystemAttributeName.SENT_TIMESTAMP,
                                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                        .messages();
                if (messages.isEmpty()) continue;
                for (var i = 0; i < messages.size(); i++) handled.run();
                delete(url, messages);
            } catch (SdkException e) {
                if (!stopped) throw e;
            }
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
        return calls.counts();
    }
}
