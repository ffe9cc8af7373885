package dev.holdfast.local.ses;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server: the SES v2 calls under {@code /v2/email}, those of SNS at {@code /}, the mailbox under {@code /mailbox}.
 */
public final class SesStandIn {
    private final HttpServer server;

    private SesStandIn(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts the server on 127.0.0.1.
     *
     * @param port 0 = any free one
     * @param data the folder to keep mails and the suppression list in; empty = in memory
     */
    public static SesStandIn start(int port, Optional<Path> data) {
        return start(port, data, Optional.empty());
    }

    /**
     * The same, telling what becomes of mails over SQS.
     *
     * @param sqs where the queues are; empty: nobody is told
     */
    public static SesStandIn start(int port, Optional<Path> data, Optional<URI> sqs) {
        JsonMapper json = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        InstantSource clock = InstantSource.system();
        Mailbox mailbox = new Mailbox(json, data.map(folder -> folder.resolve("messages")));
        SuppressionList suppressed =
                new SuppressionList(json, clock, data.map(folder -> folder.resolve("suppressed.json")));
        Faults faults = new Faults(clock);
        Events events = new Events(json, clock, sqs);
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 256);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            EmailApi api = new EmailApi(clock, mailbox, suppressed, faults, events);
            MailboxApi pages = new MailboxApi(mailbox, faults, events);
            TextApi texts = new TextApi(clock, mailbox, faults);
            server.createContext("/", exchange -> Exchange.answer(exchange, json, texts::answer));
            server.createContext("/v2/email", exchange -> Exchange.answer(exchange, json, api::answer));
            server.createContext("/mailbox", exchange -> Exchange.answer(exchange, json, pages::answer));
            server.start();
            return new SesStandIn(server);
        } catch (IOException e) {
            throw new UncheckedIOException("the SES stand-in cannot start on port " + port, e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Ends it at once. */
    public void stop() {
        server.stop(0);
    }
}
