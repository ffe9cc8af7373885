package dev.holdfast.ingest.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The body of a request while it arrives, at most as much of it as an operation may have. */
final class IncomingBody {

    /** What a client may still send after the refusal, so that it gets to read it instead of a broken connection. */
    private static final long DRAINED_BYTES = 64L << 20;

    private final RoutingContext context;
    private final HttpServerRequest request;
    private Buffer body = Buffer.buffer();
    private long received;
    private boolean givenUp;

    IncomingBody(RoutingContext context) {
        this.context = context;
        this.request = context.request();
    }

    /**
     * Reads it on this event loop.
     *
     * @param ready called when it is there, for whoever asks the context for it
     * @param tooLarge called instead when it is more than {@link Body#LIMIT_BYTES}
     */
    void read(Runnable ready, Runnable tooLarge) {
        if (request.isEnded() || !hasBody()) {
            ready.run();
        } else if (announced() > Body.LIMIT_BYTES) {
            discard(tooLarge);
        } else {
            if (request.getHeader(HttpHeaders.EXPECT) != null)
                context.response().writeContinue();
            receive(this::keep, tooLarge, () -> {
                if (received > Body.LIMIT_BYTES) {
                    tooLarge.run();
                } else {
                    ((RoutingContextInternal) context).setBody(body);
                    ready.run();
                }
            });
        }
    }

    private void keep(Buffer part) {
        if (received <= Body.LIMIT_BYTES) {
            body.appendBuffer(part);
        } else {
            body = Buffer.buffer(); // none of it is wanted any more
        }
    }

    private void receive(Consumer<Buffer> each, Runnable endless, Runnable end) {
        request.handler(part -> {
                    received += part.length();
                    each.accept(part);
                    if (received > DRAINED_BYTES) giveUp(endless);
                })
                .endHandler(ended -> {
                    if (!givenUp) end.run();
                })
                .exceptionHandler(broken -> request.connection().close())
                .resume();
    }

    private void giveUp(Runnable then) {
        if (givenUp) return;
        givenUp = true;
        closeAfterwards();
        then.run();
    }

    /** Lets it pass, if it is not too much for that, and then goes on; the connection is closed afterwards if it is. */
    void discard(Runnable then) {
        if (request.isEnded() || !hasBody()) {
            then.run();
        } else if (announced() > DRAINED_BYTES || request.getHeader(HttpHeaders.EXPECT) != null) {
            closeAfterwards();
            then.run();
        } else {
            receive(part -> {}, then, then);
        }
    }

    private void closeAfterwards() {
        context.response()
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .endHandler(ended -> request.connection().close());
    }

    private boolean hasBody() {
        return request.getHeader(HttpHeaders.CONTENT_LENGTH) != null
                || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private long announced() {
        return contentLength(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    }

    private static long contentLength(@Nullable String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException notANumber) {
            return 0; // the HTTP server refuses it by itself
        }
    }
}
