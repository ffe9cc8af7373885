package dev.holdfast.ingest.http;

import dev.holdfast.job.Json;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches one connection: a request whose headers or body do not arrive in time, or that is no HTTP, is answered with a
 * problem, and the connection closed. All on the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of writes: a connection on which they fail is closed, and that is seen
final class ConnectionGuard extends ChannelDuplexHandler {

    /** How long a client may go on sending after a refusal, so that it gets to read it. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final HttpConfig config;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> timer;

    /** Between the first byte of a request and its last. */
    private boolean arriving;

    /** Requests whose headers have come and whose answers have not ended. */
    private int unanswered;

    private boolean answering;
    private boolean refused;

    ConnectionGuard(HttpConfig config) {
        this.config = config;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        disarm();
        inactive.fireChannelInactive();
    }

    /** Bytes have come, of which nothing is known yet. */
    void bytesArrive() {
        if (arriving || refused) return;
        arriving = true;
        arm(config.headerTimeout(), 0, () -> Refusal.slowHeaders(config));
    }

    @Override
    public void channelRead(ChannelHandlerContext to, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            refuse(
                    message instanceof HttpRequest ? 0 : 1,
                    Refusal.unreadable(part.decoderResult().cause(), config));
            return;
        }
        if (message instanceof HttpRequest request) {
            var fault = RequestTarget.fault(request.uri()); // the router would answer it without a word
            if (fault.isPresent()) {
                ReferenceCountUtil.release(message);
                refuse(0, ProblemException.malformed(fault.get()));
                return;
            }
            unanswered++;
            arm(config.bodyTimeout(), 1, () -> Refusal.slowBody(config));
        }
        if (message instanceof LastHttpContent) {
            arriving = false;
            disarm();
        }
        to.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
        if (refused) {
            ReferenceCountUtil.release(message);
            promise.setFailure(new ClosedChannelException());
            return;
        }
        var status = message instanceof HttpResponse response ? response.status() : HttpResponseStatus.OK;
        if (status.codeClass() != HttpStatusClass.INFORMATIONAL) {
            if (message instanceof HttpResponse) answering = true;
            if (message instanceof LastHttpContent) {
                answering = false;
                unanswered--;
            }
        }
        to.write(message, promise);
    }

    /** {@code own}: how many unanswered requests there may be when the refusal is the answer to this one. */
    private void arm(Duration time, int own, Supplier<ProblemException> refusal) {
        disarm();
        var here = context;
        if (here == null) return;
        timer = here.executor().schedule(() -> expire(time, own, refusal), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** While this service does not read, it is not the client who is slow. */
    private void expire(Duration time, int own, Supplier<ProblemException> refusal) {
        if (context != null && !context.channel().config().isAutoRead()) {
            arm(time, own, refusal);
        } else {
            refuse(own, refusal.get());
        }
    }

    private void disarm() {
        if (timer != null) timer.cancel(false);
        timer = null;
    }

    private void refuse(int own, ProblemException problem) {
        var here = context;
        if (here == null) return;
        disarm();
        refused = true;
        if (answering || unanswered > own || unanswered < own) { // it would run into another answer
            here.close();
            return;
        }
        here.writeAndFlush(response(problem)).addListener((ChannelFutureListener) written -> {
            if (here.channel() instanceof DuplexChannel duplex) duplex.shutdownOutput();
            here.channel().config().setAutoRead(true);
            here.executor().schedule(() -> here.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private static HttpResponse response(ProblemException problem) {
        var body = Json.write(problem.problem("/", Trace.begin().traceId())).getBytes(StandardCharsets.UTF_8);
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(problem.status()), Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }
}
