package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.job.Lane;
import dev.holdfast.queue.Delivery;
import dev.holdfast.queue.Disposition;
import dev.holdfast.queue.Message;
import dev.holdfast.queue.MessageHandler;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueSender;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.tests.Core.Consuming;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;

class QueueConsumerIT {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Core core = Core.start();
    private final String queue = core.names.lane(Lane.QUICK);
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void everyMessageIsHandledOnceAndDeleted() throws Exception {
        send(100);
        var consumer = core.consumer(this::delete, Consuming.slots(16));

        consumer.start();
        await().untilAsserted(() -> assertThat(deliveries).hasSize(100));
        consumer.stop();

        assertThat(deliveries.stream().map(Delivery::body).distinct()).hasSize(100);
        assertThat(deliveries).extracting(Delivery::traceparent).containsOnly(TRACE);
        assertThat(core.messages(queue)).isZero();
    }

    @Test
    void noMoreAreReceivedThanThereAreFreeSlots() throws Exception {
        send(30);
        var open = new CountDownLatch(1);
        var busiest = new AtomicInteger();
        var busy = new AtomicInteger();
        var consumer = core.consumer(
                delivery -> {
                    busiest.accumulateAndGet(busy.incrementAndGet(), Math::max);
                    open.await();
                    busy.decrementAndGet();
                    return delete(delivery);
                },
                Consuming.slots(7));

        consumer.start();
        await().until(() -> busy.get() == 7);
        assertThat(hidden()).as("received, but not yet done").isEqualTo(7);
        open.countDown();
        await().untilAsserted(() -> assertThat(deliveries).hasSize(30));
        consumer.stop();

        assertThat(busiest.get()).isEqualTo(7);
    }

    @Test
    void stoppingLetsWorkFinishAndAcknowledgesAllOfIt() throws Exception {
        for (var inWork = 1; inWork <= 9; inWork++) {
            deliveries.clear();
            send(inWork);
            var expected = inWork;
            var begun = new CountDownLatch(inWork);
            var consumer = core.consumer(
                    delivery -> {
                        begun.countDown();
                        Thread.sleep(300);
                        return delete(delivery);
                    },
                    Consuming.slots(10));
            consumer.start();
            begun.await();

            consumer.stop();

            assertThat(deliveries).hasSize(expected);
            assertThat(core.messages(queue))
                    .as("left of %d messages in work", inWork)
                    .isZero();
        }
    }

    @Test
    void workThatDoesNotEndInTimeIsInterruptedAndVisibleAtOnce() throws Exception {
        send(3);
        var begun = new CountDownLatch(3);
        var consumer = core.consumer(
                delivery -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                    throw new AssertionError("never");
                },
                Consuming.slots(10).drain(Duration.ofSeconds(1)));
        consumer.start();
        begun.await();

        consumer.stop();

        assertThat(hidden()).isZero();
        assertThat(core.messages(queue)).isEqualTo(3);
    }

    @Test
    void messageInWorkStaysHiddenBeyondItsTimeout() throws Exception {
        send(1);
        var consumer = core.consumer(
                delivery -> {
                    deliveries.add(delivery);
                    Thread.sleep(6_000);
                    return new Disposition.Delete();
                },
                Consuming.slots(2).visibility(Duration.ofSeconds(3)));

        consumer.start();
        await().atMost(Duration.ofSeconds(15)).until(() -> core.messages(queue) == 0);
        consumer.stop();

        assertThat(deliveries).hasSize(1);
    }

    @Test
    void handlerIsToldOfItsMessageThoughTheQueueDoesNotAnswerAndTheHandlerFails() throws Exception {
        send(1);
        var beats = new AtomicInteger();
        var enough = new CountDownLatch(1);
        var handler = new MessageHandler() {
            @Override
            public Disposition handle(Delivery delivery) throws InterruptedException {
                enough.await();
                return new Disposition.Delete();
            }

            @Override
            public Optional<Disposition> heartbeat(Delivery delivery) {
                beats.incrementAndGet();
                throw new IllegalStateException("the handler cannot tell");
            }
        };
        try (var silent = Cloud.sqs(new SilentUntil(enough))) {
            var consumer = core.consumer(silent, handler, Consuming.slots(2).visibility(Duration.ofSeconds(3)));

            consumer.start();
            await().until(() -> beats.get() >= 3);
            assertThat(consumer.isAlive()).isTrue();
            enough.countDown();
            consumer.stop();
        }
    }

    /** Whatever keeps messages hidden waits until then. */
    private record SilentUntil(CountDownLatch then) implements ExecutionInterceptor {
        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (!(context.request() instanceof ChangeMessageVisibilityBatchRequest)) return;
            try {
                then.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void returnedMessageComesAgain() throws Exception {
        send(1);
        var consumer = core.consumer(
                delivery -> {
                    deliveries.add(delivery);
                    return deliveries.size() < 3
                            ? new Disposition.Return(Duration.ofSeconds(1))
                            : new Disposition.Delete();
                },
                Consuming.slots(2));

        consumer.start();
        await().untilAsserted(() -> assertThat(deliveries).hasSize(3));
        consumer.stop();

        assertThat(core.messages(queue)).isZero();
    }

    @Test
    void whatNobodyCanReadIsSetAsideWithItsReason() throws Exception {
        send(1);
        var consumer = core.consumer(delivery -> new Disposition.SetAside("no idea"), Consuming.slots(2));

        consumer.start();
        await().until(() -> core.messages(QueueNames.deadLetters(queue)) == 1);
        consumer.stop();

        assertThat(core.messages(queue)).isZero();
        var dead = core.sqs.receiveMessage(
                receive -> receive.queueUrl(new QueueUrl(core.sqs, QueueNames.deadLetters(queue)).get())
                        .messageAttributeNames("All"));
        assertThat(dead.messages().getFirst().messageAttributes())
                .hasEntrySatisfying(
                        "reason", reason -> assertThat(reason.stringValue()).isEqualTo("no idea"));
    }

    private Disposition delete(Delivery delivery) {
        deliveries.add(delivery);
        return new Disposition.Delete();
    }

    private int hidden() {
        return Integer.parseInt(core.sqs
                .getQueueAttributes(get -> get.queueUrl(new QueueUrl(core.sqs, queue).get())
                        .attributeNamesWithStrings("ApproximateNumberOfMessagesNotVisible"))
                .attributesAsStrings()
                .get("ApproximateNumberOfMessagesNotVisible"));
    }

    private void send(int messages) throws Exception {
        var sender = new QueueSender(core.sqs, new QueueUrl(core.sqs, queue), Duration.ofMillis(5), core.tracing);
        var left = new CountDownLatch(messages);
        for (var i = 0; i < messages; i++) {
            var body = "message " + i;
            Thread.startVirtualThread(() -> {
                try {
                    sender.send(new Message(body, "acme", Duration.ZERO, TRACE));
                    left.countDown();
                } catch (InterruptedException never) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        assertThat(left.await(30, TimeUnit.SECONDS)).as("all are sent").isTrue();
    }
}
