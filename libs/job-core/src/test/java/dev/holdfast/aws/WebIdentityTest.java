package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;

/** A pod whose service account names a role (IRSA) has the credentials of that role: what is needed for it is there. */
class WebIdentityTest {

    private static final String ANSWER = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
            <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAPOD</AccessKeyId>
            <SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
            <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>""";

    private final CompletableFuture<String> asked = new CompletableFuture<>();
    private HttpServer sts;
    private Map<String, String> settings;

    @BeforeEach
    void answer(@TempDir Path folder) throws IOException {
        sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sts.createContext("/", exchange -> {
            asked.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        sts.start();
        var token = Files.writeString(folder.resolve("token"), "token-of-the-pod");
        // As EKS sets AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN.
        settings = Map.of(
                "aws.webIdentityTokenFile",
                token.toString(),
                "aws.roleArn",
                "arn:aws:iam::111122223333:role/holdfast-worker",
                "aws.region",
                "eu-central-1",
                "aws.endpointUrlSts",
                "http://127.0.0.1:" + sts.getAddress().getPort());
        settings.forEach(System::setProperty);
    }

    @AfterEach
    void stop() {
        settings.keySet().forEach(System::clearProperty);
        sts.stop(0);
    }

    @Test
    void tokenOfTheServiceAccountBuysTheRole() {
        try (var provider = WebIdentityTokenFileCredentialsProvider.create()) {
            assertThat(provider.resolveCredentials())
                    .isInstanceOfSatisfying(AwsSessionCredentials.class, credentials -> {
                        assertThat(credentials.accessKeyId()).isEqualTo("ASIAPOD");
                        assertThat(credentials.sessionToken()).isEqualTo("session");
                    });
        }
        assertThat(asked.join())
                .contains("Action=AssumeRoleWithWebIdentity", "WebIdentityToken=token-of-the-pod", "holdfast-worker");
    }
}
