package dev.holdfast.local.ses;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request, read whole.
 *
 * @param path decoded
 * @param query decoded; the first value of each name
 */
record Exchange(JsonMapper json, String method, String path, Map<String, String> query, String body) {

    /** What is sent back; {@code errorType} is empty unless it is an AWS error. */
    record Reply(int status, String contentType, String errorType, String body) {}

    /** Answers a request; may throw {@link SesFailure}. */
    interface Handler {
        Reply answer(Exchange exchange);
    }

    static void answer(HttpExchange http, JsonMapper json, Handler handler) throws IOException {
        try (http) {
            String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Exchange exchange = new Exchange(
                    json,
                    http.getRequestMethod(),
                    http.getRequestURI().getPath(),
                    query(http.getRequestURI().getRawQuery()),
                    body);
            Reply reply = exchange.reply(handler);
            http.getResponseHeaders().set("Content-Type", reply.contentType());
            http.getResponseHeaders().set("Cache-Control", "no-store");
            if (!reply.errorType().isEmpty()) {
                http.getResponseHeaders().set("x-amzn-errortype", reply.errorType());
            }
            byte[] content = reply.body().getBytes(StandardCharsets.UTF_8);
            http.sendResponseHeaders(reply.status(), content.length == 0 ? -1 : content.length);
            http.getResponseBody().write(content);
        }
    }

    private Reply reply(Handler handler) {
        try {
            return handler.answer(this);
        } catch (SesFailure failure) {
            String message = json.writeValueAsString(Map.of("message", String.valueOf(failure.getMessage())));
            return new Reply(failure.status(), "application/json", failure.type(), message);
        } catch (RuntimeException | Error surprise) {
            // The JDK's server would close the connection without a word.
            surprise.printStackTrace();
            String message = "{\"message\":\"the stand-in failed, see its log\"}";
            return new Reply(500, "application/json", "InternalServiceErrorException", message);
        }
    }

    /** The body as a form. */
    Map<String, String> form() {
        return query(body);
    }

    /** The body as JSON; throws a BadRequestException if it is none. */
    JsonNode tree() {
        return as(JsonNode.class);
    }

    <T> T as(Class<T> type) {
        try {
            return json.readValue(body, type);
        } catch (JacksonException e) {
            throw SesFailure.badRequest("the body is not as it should be: " + e.getOriginalMessage());
        }
    }

    Reply ok(Object value) {
        return new Reply(200, "application/json", "", json.writeValueAsString(value));
    }

    SesFailure unknown() {
        return SesFailure.notFound("this stand-in has no " + method + " " + path);
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> values = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                values.putIfAbsent(decode(name), decode(value));
            }
        }
        return values;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
