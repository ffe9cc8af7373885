package dev.holdfast.notify.webhook;

import dev.holdfast.outbound.Destination;
import dev.holdfast.outbound.OutboundGuard;
import dev.holdfast.outbound.OutboundGuard.Route;
import dev.holdfast.webhook.WebhookConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one POST to an address that was judged. It follows no redirect, keeps nothing of the answer but its status, and
 * ends in time, whatever the other side does. (The JDK's client cannot be told which address to connect to, and a
 * blocking one not how long the whole may take: hence Vert.x's, whose futures are waited for here and nowhere else.)
 */
@Singleton
final class Caller {

    /** More calls at the same time than there can be. */
    private static final int CONNECTIONS = 1_000;

    private final Vertx vertx;
    private final HttpClient http;
    private final OutboundGuard guard;
    private final WebhookConfig config;
    private final InstantSource clock;

    Caller(Vertx vertx, OutboundGuard guard, WebhookConfig config, InstantSource clock) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setTracingPolicy(TracingPolicy.IGNORE) // Calls does so
                        .setKeepAlive(false)
                        .setConnectTimeout((int) config.timeout().toMillis()),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.guard = guard;
        this.config = config;
        this.clock = clock;
    }

    Answer post(Destination destination, Map<String, String> headers, byte[] body) throws InterruptedException {
        var deadline = System.nanoTime() + config.timeout().toNanos();
        try {
            // name servers may take their time: on a thread that nobody else waits for
            var looked = vertx.executeBlocking(() -> guard.route(destination.host(), destination.port()), false);
            return switch (Objects.requireNonNull(await(looked, deadline))) {
                case Route.Refused(var reason) -> new Answer.Refused(reason);
                case Route.Unknown(var reason) -> new Answer.Failed("name", reason);
                case Route.Open(var addresses) -> {
                    for (var address : addresses.subList(0, addresses.size() - 1)) {
                        var answer = post(destination, address, headers, body, deadline);
                        if (!isUnreachable(answer)) yield answer;
                    }
                    yield post(destination, addresses.getLast(), headers, body, deadline);
                }
            };
        } catch (ExecutionException e) {
            return new Answer.Failed("name", "its name cannot be looked up: " + e.getCause());
        } catch (TimeoutException late) {
            return new Answer.Failed("timeout", "its name could not be looked up" + inTime());
        }
    }

    private String inTime() {
        return " within " + config.timeout().toMillis() + " ms";
    }

    private static boolean isUnreachable(Answer answer) {
        return answer instanceof Answer.Failed failed && failed.why().equals("connection");
    }

    private Answer post(
            Destination destination, InetAddress address, Map<String, String> headers, byte[] body, long deadline)
            throws InterruptedException {
        var connecting = http.request(options(destination, address).setMethod(HttpMethod.POST));
        try {
            var request = await(connecting, deadline);
            request.exceptionHandler(hungUp -> {}); // by us, or told by the future
            request.response().onSuccess(response -> response.exceptionHandler(hungUp -> {})); // nobody reads on
            headers.forEach(request::putHeader);
            var response = await(request.send(Buffer.buffer(body)), deadline);
            return answer(response, config.timeout().minusNanos(deadline - System.nanoTime()));
        } catch (ExecutionException e) {
            return failed(e.getCause());
        } catch (TimeoutException late) {
            return new Answer.Failed("timeout", "no answer came" + inTime());
        } finally {
            connecting.onSuccess(request -> request.connection().close()); // whatever is still to come
        }
    }

    /** The address is what is connected to; the name is what the certificate must be for. */
    private static RequestOptions options(Destination destination, InetAddress address) {
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(destination.port(), address.getHostAddress()))
                .setHost(destination.host())
                .setPort(destination.port())
                .setSsl(destination.secure())
                .setURI(destination.path())
                .setFollowRedirects(false);
    }

    private static Answer failed(@Nullable Throwable cause) {
        if (cause instanceof ConnectException) return new Answer.Failed("connection", "nobody listens there");
        var said = cause == null ? "" : cause.getMessage();
        return new Answer.Failed("connection", "the connection failed: " + said);
    }

    private Answer answer(HttpClientResponse response, Duration took) {
        var status = response.statusCode();
        if (status >= 200 && status < 300) return new Answer.Taken(took);
        if (status == 410) return new Answer.Gone();
        var redirect = status >= 300 && status < 400 ? "; redirects are not followed" : "";
        return new Answer.Failed(
                "status", "it answered " + status + redirect, retryAfter(response.getHeader("Retry-After")));
    }

    /** In seconds, or a date (RFC 9110, section 10.2.3); empty when it is neither. */
    private Optional<Duration> retryAfter(@Nullable String text) {
        if (text == null) return Optional.empty();
        if (text.matches("[0-9]{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        try {
            var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(clock.instant(), date.toInstant()))
                    .filter(Duration::isPositive);
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }

    private static <T extends @Nullable Object> T await(Future<T> future, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        var left = Math.max(0, deadline - System.nanoTime());
        return future.toCompletionStage().toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
    }
}
