package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the jar and the class paths that the package phase makes. */
class StandInsIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void everythingSurvivesARestart() throws Exception {
        // given
        try (StandIns before = StandIns.start(onDisk())) {
            sqs(before, "Action=CreateQueue&QueueName=kept");
            sqs(before, "Action=SendMessage&MessageBody=hello&QueueUrl=" + queue(before, "kept"));
            dynamoDb(before, "CreateTable", """
                    {"TableName": "kept", "BillingMode": "PAY_PER_REQUEST",
                     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                     "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
                    """);
            send(before.endpoints().sesv2().resolve("/v2/email/outbound-emails"), """
                    {"FromEmailAddress": "a@b.org", "Destination": {"ToAddresses": ["c@d.org"]},
                     "Content": {"Simple": {"Subject": {"Data": "Kept"}, "Body": {"Text": {"Data": "t"}}}}}
                    """, Map.of());
        }
        // when
        try (StandIns after = StandIns.start(onDisk())) {
            // then
            assertThat(sqs(after, "Action=ReceiveMessage&QueueUrl=" + queue(after, "kept")))
                    .contains("<Body>hello</Body>");
            assertThat(dynamoDb(after, "ListTables", "{}")).contains("\"kept\"");
            assertThat(get(after.endpoints().mailbox().orElseThrow() + "/api/messages"))
                    .contains("\"Kept\"");
        }
    }

    @Test
    void objectsNeedASignature() throws Exception {
        try (StandIns standIns = StandIns.start(StandInOptions.inMemory(Checkout.find(), folder))) {
            var answer = http.send(
                    HttpRequest.newBuilder(standIns.endpoints().s3().resolve("/"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void childrenOutliveCtrlCButNotTheirParent() throws Exception {
        // given
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dholdfast.root=" + Checkout.find().root(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = parent.inputReader();
        List<ProcessHandle> children = List.of(
                ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow(),
                ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow());
        String mailbox = output.readLine();
        for (ProcessHandle child : children) {
            new ProcessBuilder("sh", "-c", "kill -INT " + child.pid()).start().waitFor();
        }
        assertThat(get(mailbox + "/health")).contains("UP");
        assertThat(children).allMatch(ProcessHandle::isAlive);
        // when
        parent.destroyForcibly();
        // then
        Eventually.holds(SOON, "both JVMs end", () -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aChildThatCannotStartIsNamedAndNothingIsLeft() throws Exception {
        // given
        Path noFolder = Files.writeString(folder.resolve("data"), "a file in the way");
        StandInOptions options = StandInOptions.on(noFolder, Checkout.find(), folder.resolve("logs"));
        long before = ProcessHandle.current().descendants().count();
        // then
        assertThatThrownBy(() -> StandIns.start(options))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("cannot create the folder " + noFolder);
        assertThat(ProcessHandle.current().descendants().count()).isEqualTo(before);
    }

    /** A process that starts stand-ins, tells about them, and waits to be killed. */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            StandIns standIns = StandIns.start(StandInOptions.inMemory(Checkout.find(), Path.of(arguments[0])));
            standIns.children().forEach(child -> System.out.println(child.pid()));
            System.out.println(standIns.endpoints().mailbox().orElseThrow());
            System.out.flush();
            Thread.sleep(Duration.ofMinutes(2));
        }
    }

    private StandInOptions onDisk() {
        return StandInOptions.on(folder.resolve("data"), Checkout.find(), folder.resolve("logs"));
    }

    private static String queue(StandIns standIns, String name) {
        return URLEncoder.encode(standIns.endpoints().sqs() + "/000000000000/" + name, StandardCharsets.UTF_8);
    }

    private String sqs(StandIns standIns, String query) throws IOException, InterruptedException {
        return get(standIns.endpoints().sqs() + "/?" + query);
    }

    private String dynamoDb(StandIns standIns, String action, String body) throws IOException, InterruptedException {
        return send(
                standIns.endpoints().dynamodb(),
                body,
                Map.of(
                        "X-Amz-Target",
                        "DynamoDB_20120810." + action,
                        "Content-Type",
                        "application/x-amz-json-1.0",
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=holdfast/20260101/us-east-1/dynamodb/aws4_request,"
                                + " SignedHeaders=host, Signature=0"));
    }

    private String get(String address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String send(URI address, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
