package dev.holdfast.local.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SesStandInTest {
    private static final String SEND = "/v2/email/outbound-emails";

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();

    @TempDir
    Path folder;

    private SesStandIn ses;

    @BeforeEach
    void start() {
        ses = SesStandIn.start(0, Optional.of(folder));
    }

    @AfterEach
    void stop() {
        ses.stop();
        http.close();
    }

    @Test
    void aSentMailIsInTheMailboxNewestFirst() {
        post(SEND, simple("ada@example.org", "First"));
        var answer = post(SEND, simple("bob@example.org", "Hällo"));
        assertThat(answer.statusCode()).isEqualTo(200);

        JsonNode mails = mails("");
        assertThat(mails).hasSize(2);
        JsonNode mail = mails.get(0);
        assertThat(mail.path("id").stringValue())
                .isEqualTo(read(answer).path("MessageId").stringValue());
        assertThat(mail.path("subject").stringValue()).isEqualTo("Hällo");
        assertThat(mail.path("from").stringValue()).isEqualTo("Holdfast <no-reply@example.org>");
        assertThat(mail.path("to").get(0).stringValue()).isEqualTo("bob@example.org");
        assertThat(mail.path("text").stringValue()).isEqualTo("plain");
        assertThat(mail.path("html").stringValue()).isEqualTo("<b>rich</b>");
        assertThat(mail.path("tags").path("job").stringValue()).isEqualTo("7");
        assertThat(mail.path("headers").get(0).path("name").stringValue()).isEqualTo("X-Holdfast-Job");
        assertThat(mails("?to=ADA@example.org")).hasSize(1);
    }

    @Test
    void aRawMailIsTakenApart() {
        String mime = """
                From: Holdfast <a@b.org>
                To: =?UTF-8?B?QsO2Yg==?= <bob@example.org>,
                 c@example.org
                Subject: =?UTF-8?Q?H=C3=A4llo_?=
                 =?UTF-8?Q?Welt?=
                Content-Type: multipart/mixed; boundary="outer"

                preamble
                --outer
                Content-Type: multipart/alternative; boundary=inner

                --inner
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Gr=C3=BC=
                =C3=9Fe
                --inner
                Content-Type: text/html; charset=iso-8859-1
                Content-Transfer-Encoding: base64

                PGI+/DwvYj4=
                --inner--
                --outer
                Content-Type: text/plain
                Content-Disposition: attachment

                not this
                --outer--
                """.replace("\n", "\r\n");
        String data = Base64.getEncoder().encodeToString(mime.getBytes(StandardCharsets.US_ASCII));

        post(SEND, "{\"Content\":{\"Raw\":{\"Data\":\"" + data + "\"}}}");

        JsonNode mail = mails("").get(0);
        assertThat(mail.path("subject").stringValue()).isEqualTo("Hällo Welt");
        assertThat(mail.path("to").get(0).stringValue()).isEqualTo("Böb <bob@example.org>");
        assertThat(mail.path("to").get(1).stringValue()).isEqualTo("c@example.org");
        assertThat(mail.path("text").stringValue()).isEqualTo("Grüße");
        assertThat(mail.path("html").stringValue()).isEqualTo("<b>ü</b>");
    }

    @Test
    void mailsAndSuppressionSurviveARestart() {
        post(SEND, simple("ada@example.org", "Kept"));
        send("PUT", "/v2/email/suppression/addresses", "{\"EmailAddress\":\"x@y.org\",\"Reason\":\"BOUNCE\"}");
        ses.stop();

        ses = SesStandIn.start(0, Optional.of(folder));

        assertThat(mails("").get(0).path("subject").stringValue()).isEqualTo("Kept");
        assertThat(send("GET", "/v2/email/suppression/addresses/x@y.org", "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void recipientsAreCountedOverARestart() {
        post(SEND, simple("ada@example.org", "One"));
        post(SEND, simple("Ada <ada@example.org>", "Two"));
        ses.stop();
        ses = SesStandIn.start(0, Optional.of(folder));

        var counts = read(send("GET", "/mailbox/api/recipients", ""));
        assertThat(counts.size()).isEqualTo(1);
        assertThat(counts.path("ada@example.org").intValue()).isEqualTo(2);
    }

    @Test
    void deletedMailsStayDeleted() {
        post(SEND, simple("ada@example.org", "Gone"));
        assertThat(send("DELETE", "/mailbox/api/messages", "").statusCode()).isEqualTo(204);
        ses.stop();
        ses = SesStandIn.start(0, Optional.of(folder));
        assertThat(mails("")).isEmpty();
    }

    @Test
    void aSuppressedAddressIsAnsweredButNotDelivered() {
        send(
                "PUT",
                "/v2/email/suppression/addresses",
                "{\"EmailAddress\":\"Ada@example.org\",\"Reason\":\"COMPLAINT\"}");
        assertThat(post(SEND, simple("ada@example.org", "No")).statusCode()).isEqualTo(200);
        assertThat(mails("")).isEmpty();

        send("DELETE", "/v2/email/suppression/addresses/ada@example.org", "");
        post(SEND, simple("ada@example.org", "Yes"));
        assertThat(mails("")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "throttleNext, 429, TooManyRequestsException",
        "rejectNext,   400, MessageRejected",
        "failNext,     500, InternalServiceErrorException",
    })
    void anOrderedFaultHappensAsOftenAsOrdered(String fault, int status, String type) {
        post("/mailbox/api/faults", "{\"" + fault + "\":1}");
        var failed = post(SEND, simple("ada@example.org", "One"));
        assertThat(failed.statusCode()).isEqualTo(status);
        assertThat(failed.headers().firstValue("x-amzn-errortype")).contains(type);
        assertThat(post(SEND, simple("ada@example.org", "Two")).statusCode()).isEqualTo(200);
        assertThat(mails("")).hasSize(1);
    }

    @Test
    void theSendRateIsShownAndKept() {
        post("/mailbox/api/faults", "{\"maxSendRate\":2}");
        assertThat(read(send("GET", "/v2/email/account", ""))
                        .path("SendQuota")
                        .path("MaxSendRate")
                        .asDouble())
                .isEqualTo(2);
        assertThat(post(SEND, simple("ada@example.org", "1")).statusCode()).isEqualTo(200);
        assertThat(post(SEND, simple("ada@example.org", "2")).statusCode()).isEqualTo(200);
        assertThat(post(SEND, simple("ada@example.org", "3")).statusCode()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no json | the body",
                "{} | Content",
                "{\"Content\":{\"Simple\":{}}} | Content.Simple.Body",
                "{\"Content\":{\"Simple\":{\"Subject\":{\"Data\":\"s\"},\"Body\":{\"Text\":{\"Data\":\"t\"}}}}} |"
                        + " FromEmailAddress",
                "{\"FromEmailAddress\":\"a@b.org\",\"Content\":{\"Simple\":{\"Subject\":{\"Data\":\"s\"},"
                        + "\"Body\":{\"Text\":{\"Data\":\"t\"}}}}} | Destination",
                "{\"FromEmailAddress\":\"nobody\",\"Destination\":{\"ToAddresses\":[\"a@b.org\"]},\"Content\":"
                        + "{\"Simple\":{\"Subject\":{\"Data\":\"s\"},\"Body\":{\"Text\":{\"Data\":\"t\"}}}}} |"
                        + " FromEmailAddress",
            })
    void aBadRequestNamesTheField(String body, String field) {
        var answer = post(SEND, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("x-amzn-errortype")).contains("BadRequestException");
        assertThat(read(answer).path("message").stringValue()).contains(field);
    }

    @Test
    void aTextMessageLiesInTheMailboxOrFailsInTheXmlOfSns() {
        var publish = "Action=Publish&PhoneNumber=%2B4930123456&Message=Failed%3A+a+%26+b"
                + "&MessageAttributes.entry.1.Name=AWS.SNS.SMS.SenderID"
                + "&MessageAttributes.entry.1.Value.DataType=String"
                + "&MessageAttributes.entry.1.Value.StringValue=Acme";

        var taken = post("/", publish);
        var wrong = post("/", publish.replace("%2B49", "0"));
        post("/mailbox/api/faults", "{\"throttleNext\": 1}");
        var throttled = post("/", publish);

        assertThat(taken.statusCode()).isEqualTo(200);
        JsonNode text = mails("?to=%2B4930123456").get(0);
        assertThat(taken.body()).contains("<MessageId>" + text.path("id").stringValue() + "</MessageId>");
        assertThat(text.path("text").stringValue()).isEqualTo("Failed: a & b");
        assertThat(text.path("from").stringValue()).isEqualTo("Acme");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("<Code>InvalidParameter</Code>").contains("PhoneNumber");
        assertThat(throttled.statusCode()).isEqualTo(429);
        assertThat(throttled.body()).contains("<Code>TooManyRequestsException</Code>");
        assertThat(mails("")).hasSize(1);
    }

    @Test
    void thePageNeedsNothingFromOutside() {
        var page = send("GET", "/mailbox", "");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("sandbox").doesNotContain("https://").doesNotContain("http://");
    }

    private static String simple(String to, String subject) {
        return """
        {"FromEmailAddress": "Holdfast <no-reply@example.org>",
         "Destination": {"ToAddresses": ["%s"]},
         "EmailTags": [{"Name": "job", "Value": "7"}],
         "Content": {"Simple": {"Subject": {"Data": "%s"},
           "Body": {"Text": {"Data": "plain"}, "Html": {"Data": "<b>rich</b>"}},
           "Headers": [{"Name": "X-Holdfast-Job", "Value": "7"}]}}}
        """.formatted(to, subject);
    }

    private JsonNode mails(String query) {
        return read(send("GET", "/mailbox/api/messages" + query, ""));
    }

    private JsonNode read(HttpResponse<String> answer) {
        return json.readTree(answer.body());
    }

    private HttpResponse<String> post(String path, String body) {
        return send("POST", path, body);
    }

    private HttpResponse<String> send(String method, String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ses.port() + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
