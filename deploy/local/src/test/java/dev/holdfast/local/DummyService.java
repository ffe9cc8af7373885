package dev.holdfast.local;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Stands for any service: answers health checks on its port, and refuses to start when told to. */
final class DummyService {
    private DummyService() {}

    public static void main(String[] arguments) throws Exception {
        if (System.getenv().containsKey("DUMMY_BROKEN")) {
            System.out.println("I am broken on purpose");
            System.exit(7);
        }
        int port = Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 10);
        byte[] answer = System.getenv("AWS_ENDPOINT_URL_SQS").getBytes(StandardCharsets.UTF_8);
        server.createContext("/q/health/ready", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }
}
