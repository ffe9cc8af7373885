package dev.holdfast.outbound;

import dev.holdfast.outbound.OutboundGuard.Route;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import java.net.ConnectException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls on behalf of tenants: each to an address that was judged. It follows no redirect, and whatever the other
 * side does, it ends in time. Thread-safe. (The JDK's client cannot be told which address to connect to, and a blocking
 * one not how long the whole may take: hence Vert.x's, whose futures are waited for here and nowhere else.)
 */
public final class OutboundClient {

    /** More calls at the same time than there can be. */
    private static final int CONNECTIONS = 1_000;

    private final Vertx vertx;
    private final HttpClient http;
    private final OutboundGuard guard;

    /** {@code connect}: how long it may take to reach one address. */
    public OutboundClient(Vertx vertx, OutboundGuard guard, Duration connect) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setTracingPolicy(TracingPolicy.IGNORE) // those who call do so
                        .setKeepAlive(false)
                        .setConnectTimeout((int) connect.toMillis()),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.guard = guard;
    }

    /** What came of a call. */
    public sealed interface Called {
        /** Somebody answered; the answer is to be closed. */
        record Answered(OutboundResponse response) implements Called {}

        /** The destination must not be called. */
        record Refused(String reason) implements Called {}

        /**
         * Nobody answered.
         *
         * @param why {@code name}, {@code connection} or {@code timeout}
         */
        record Failed(String why, String reason) implements Called {}
    }

    /** {@code time}: from looking the name up to the head of the answer. */
    public Called get(Destination destination, Map<String, String> headers, Duration time) throws InterruptedException {
        return call(new Call(HttpMethod.GET, destination, headers, new byte[0], time, deadline(time)));
    }

    /** The same with a body. */
    public Called post(Destination destination, Map<String, String> headers, byte[] body, Duration time)
            throws InterruptedException {
        return call(new Call(HttpMethod.POST, destination, headers, body, time, deadline(time)));
    }

    private static long deadline(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Call(
            HttpMethod method,
            Destination destination,
            Map<String, String> headers,
            byte[] body,
            Duration time,
            long deadline) {

        String inTime() {
            return " within " + time.toMillis() + " ms";
        }
    }

    private Called call(Call call) throws InterruptedException {
        var destination = call.destination();
        try {
            // name servers may take their time: on a thread that nobody else waits for
            var looked = vertx.executeBlocking(() -> guard.route(destination.host(), destination.port()), false);
            return switch (Objects.requireNonNull(await(looked, call.deadline()))) {
                case Route.Refused(var reason) -> new Called.Refused(reason);
                case Route.Unknown(var reason) -> new Called.Failed("name", reason);
                case Route.Open(var addresses) -> {
                    for (var address : addresses.subList(0, addresses.size() - 1)) {
                        var called = call(call, address);
                        if (!isUnreachable(called)) yield called;
                    }
                    yield call(call, addresses.getLast());
                }
            };
        } catch (ExecutionException e) {
            return new Called.Failed("name", "its name cannot be looked up: " + e.getCause());
        } catch (TimeoutException late) {
            return new Called.Failed("timeout", "its name could not be looked up" + call.inTime());
        }
    }

    private static boolean isUnreachable(Called called) {
        return called instanceof Called.Failed failed && failed.why().equals("connection");
    }

    private Called call(Call call, InetAddress address) throws InterruptedException {
        var connecting = http.request(options(call, address));
        var answered = false;
        try {
            var request = await(connecting, call.deadline());
            request.exceptionHandler(hungUp -> {}); // by us, or told by the future
            var content = new OutboundContent();
            request.response().onSuccess(content::begin);
            call.headers().forEach(request::putHeader);
            var response = await(request.send(Buffer.buffer(call.body())), call.deadline());
            answered = true;
            return new Called.Answered(new OutboundResponse(response, content, () -> hangUp(connecting)));
        } catch (ExecutionException e) {
            return failed(e.getCause());
        } catch (TimeoutException late) {
            return new Called.Failed("timeout", "no answer came" + call.inTime());
        } finally {
            if (!answered) hangUp(connecting);
        }
    }

    /** Whatever is still to come. */
    private static void hangUp(Future<HttpClientRequest> connecting) {
        connecting.onSuccess(request -> request.connection().close());
    }

    /** The address is what is connected to; the name is what the certificate must be for. */
    private static RequestOptions options(Call call, InetAddress address) {
        var destination = call.destination();
        return new RequestOptions()
                .setMethod(call.method())
                .setServer(SocketAddress.inetSocketAddress(destination.port(), address.getHostAddress()))
                .setHost(destination.host())
                .setPort(destination.port())
                .setSsl(destination.secure())
                .setURI(destination.path())
                .setFollowRedirects(false);
    }

    private static Called failed(@Nullable Throwable cause) {
        if (cause instanceof ConnectException) return new Called.Failed("connection", "nobody listens there");
        var said = cause == null ? "" : cause.getMessage();
        return new Called.Failed("connection", "the connection failed: " + said);
    }

    private static <T extends @Nullable Object> T await(Future<T> future, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        var left = Math.max(0, deadline - System.nanoTime());
        return future.toCompletionStage().toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
    }
}
