package dev.holdfast.local.cloud;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.holdfast.local.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;

/** SQS by ElasticMQ: in memory, or with queues and messages in an H2 file. */
final class SqsStandIn {
    private static final Duration RESTORE = Duration.ofSeconds(30);

    private SqsStandIn() {}

    static void start(int port, String region, Optional<Path> data) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("rest-sqs.bind-hostname", "127.0.0.1");
        settings.put("rest-sqs.bind-port", port);
        settings.put("node-address.host", "127.0.0.1");
        settings.put("node-address.port", port);
        settings.put("aws.region", region);
        int stored = 0;
        if (data.isPresent()) {
            String uri = "jdbc:h2:file:"
                    + Folders.create(data.get()).resolve("queues").toAbsolutePath();
            stored = storedQueues(uri);
            settings.put("messages-storage.enabled", true);
            settings.put("messages-storage.uri", uri);
        }
        // Pekko reads its own settings from the system properties.
        System.setProperty("pekko.loglevel", "WARNING");
        System.setProperty("pekko.http.server.max-connections", "4096");
        System.setProperty("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off");
        Config config = ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load());
        new ElasticMQServer(new ElasticMQServerConfig(config)).start();
        awaitQueues(port, stored);
    }

    /** How many queues an earlier run has left; asked before the server opens the file. */
    private static int storedQueues(String uri) {
        try (Connection connection = DriverManager.getConnection(uri, "", "");
                ResultSet tables = connection.getMetaData().getTables(null, null, "QUEUE", null)) {
            if (!tables.next()) {
                return 0;
            }
            try (var statement = connection.createStatement();
                    ResultSet count = statement.executeQuery("select count(*) from queue")) {
                count.next();
                return count.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the stored queues at " + uri, e);
        }
    }

    /** ElasticMQ listens before it has restored its queues: a queue created meanwhile would lose its messages. */
    private static void awaitQueues(int port, int atLeast) {
        long deadline = System.nanoTime() + RESTORE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/?Action=ListQueues"))
                    .build();
            while (true) {
                String answer =
                        client.send(list, HttpResponse.BodyHandlers.ofString()).body();
                if (answer.split("<QueueUrl>", -1).length - 1 >= atLeast) {
                    return;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the stored queues were not restored: " + answer);
                }
                Thread.sleep(20);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the SQS stand-in does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the queues were restored", e);
        }
    }
}
