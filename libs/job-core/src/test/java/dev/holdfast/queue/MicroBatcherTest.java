package dev.holdfast.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicroBatcherTest {

    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    private final MicroBatcher<Integer, String> batcher = new MicroBatcher<>(10, Duration.ofSeconds(5), items -> {
        sizes.add(items.size());
        return items.stream().map(item -> "answer " + item).toList();
    });

    @Test
    void everyCallerGetsItsOwnAnswer() throws Exception {
        var answers = callAtOnce(100);

        for (var i = 0; i < 100; i++) assertThat(answers.get(i).get()).isEqualTo("answer " + i);
        assertThat(sizes).hasSize(10).containsOnly(10);
    }

    @Test
    void loneCallerWaitsNoLongerThanAgreed() throws Exception {
        var impatient = new MicroBatcher<Integer, Integer>(10, Duration.ZERO, List::copyOf);

        assertThat(impatient.submit(7)).isEqualTo(7);
    }

    @Test
    void whereSomeCameMoreAreWaitedFor() throws Exception {
        var batches = new MicroBatcher<Integer, Integer>(3, Duration.ofMillis(700), items -> {
            sizes.add(items.size());
            return items;
        });

        try (var callers = Executors.newScheduledThreadPool(3)) {
            var first = callers.submit(() -> batches.submit(1));
            var second = callers.submit(() -> batches.submit(2));
            var late = callers.schedule(() -> batches.submit(3), 1, TimeUnit.SECONDS);
            for (var one : List.of(first, second, late)) one.get();
        }

        assertThat(sizes).containsExactly(3);
    }

    @Test
    void failureOfTheCallReachesEveryCallerOfTheBatch() {
        var failing = new MicroBatcher<Integer, Integer>(2, Duration.ofSeconds(5), items -> {
            throw new IllegalStateException("no " + items.size());
        });

        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = callers.submit(() -> failing.submit(1));
            var second = callers.submit(() -> failing.submit(2));
            for (var answer : List.of(first, second)) {
                assertThatThrownBy(answer::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasRootCauseMessage("no 2");
            }
        }
    }

    @Test
    void interruptedLeaderStillMakesTheCallForTheOthers() throws Exception {
        var patient = new MicroBatcher<Integer, Integer>(10, Duration.ofMinutes(1), List::copyOf);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var leader = Thread.ofVirtual()
                    .unstarted(
                            () -> assertThatThrownBy(() -> patient.submit(1)).isInstanceOf(InterruptedException.class));
            leader.start();
            while (leader.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
            var follower = callers.submit(() -> patient.submit(2));
            while (follower.state() == Future.State.RUNNING) {
                leader.interrupt();
                Thread.onSpinWait();
            }
            assertThat(follower.get()).isEqualTo(2);
        }
    }

    @Test
    void whoOnlyLeavesAnItemWaitsForNobodyUnlessFirst() throws Exception {
        var patient = new MicroBatcher<Integer, String>(3, Duration.ofMinutes(1), items -> {
            sizes.add(items.size());
            return items.stream().map(item -> "unread").toList();
        });
        var first = Thread.ofVirtual().start(() -> leave(patient, 1));
        while (first.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();

        patient.leave(2);
        assertThat(sizes).isEmpty();
        patient.leave(3);
        first.join();

        assertThat(sizes).containsExactly(3);
    }

    private static void leave(MicroBatcher<Integer, String> batcher, int item) {
        try {
            batcher.leave(item);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Future<String>> callAtOnce(int callers) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<String>>();
            for (var i = 0; i < callers; i++) {
                var item = i;
                answers.add(threads.submit(() -> batcher.submit(item)));
            }
            return answers;
        }
    }
}
