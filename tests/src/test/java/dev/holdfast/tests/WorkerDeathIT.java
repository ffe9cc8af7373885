package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.local.ProcessSignal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.Select;

class WorkerDeathIT {

    private static final int JOBS = 1_000;
    private static final DynamoDbClient DYNAMO = Cloud.dynamo();

    @Test
    void killedWorkerLosesNothingAndDoublesNothing() throws Exception {
        try (var house = House.start(options -> options.withWorkers(0)
                .with("HOLDFAST_JOBS_LEASE", "10s")
                .with("HOLDFAST_QUEUE_VISIBILITY_TIMEOUT", "10s"))) {
            // given
            var ids = submitAll(house);
            var victim = house.stack.addWorker();
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> users(house) > 100);

            // when
            victim.send(ProcessSignal.KILL);
            var atDeath = users(house);
            house.stack.remove(victim);
            house.stack.addWorker();

            // then
            assertThat(atDeath).as("users when the worker was killed").isLessThan(JOBS);
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(succeeded(house)).isEqualTo(JOBS));
            assertThat(users(house)).isEqualTo(JOBS);
            assertThat(new HashSet<>(ids)).hasSize(JOBS);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(sent(house)).isEqualTo(JOBS));
            var mails = house.mailbox.recipients();
            for (var i = 0; i < JOBS; i++) {
                assertThat(mails.get(address(house, i)))
                        .as("mails to user %d", i)
                        .isEqualTo(1);
            }
        }
    }

    private static java.util.List<String> submitAll(House house) throws Exception {
        try (var clients = Executors.newFixedThreadPool(32)) {
            var submissions = new java.util.ArrayList<java.util.concurrent.Future<String>>();
            for (var i = 0; i < JOBS; i++) {
                var json = """
                        {"type": "registration", "payload": {"username": "user-%d", "email": "%s"}}""".formatted(i, address(house, i));
                submissions.add(clients.submit(() -> house.api.submit(json)));
            }
            var ids = new java.util.ArrayList<String>();
            for (var submission : submissions) ids.add(submission.get());
            return ids;
        }
    }

    private static String address(House house, int i) {
        return "user-" + i + "@" + house.name + ".example";
    }

    private static long users(House house) {
        return count(house, "user_data", "attribute_exists(username)", Map.of());
    }

    private static long succeeded(House house) {
        return count(house, "jobs", "attribute_exists(#result)", Map.of("#result", "result"));
    }

    private static long sent(House house) {
        return count(house, "notifications", "attribute_exists(messageId)", Map.of());
    }

    private static long count(House house, String table, String filter, Map<String, String> names) {
        return DYNAMO
                .scanPaginator(scan -> {
                    scan.tableName(house.table(table)).filterExpression(filter).select(Select.COUNT);
                    scan.consistentRead(true);
                    if (!names.isEmpty()) scan.expressionAttributeNames(names);
                })
                .stream()
                .mapToLong(page -> page.count())
                .sum();
    }
}
