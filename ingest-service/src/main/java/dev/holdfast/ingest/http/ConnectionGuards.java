package dev.holdfast.ingest.http;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Puts a {@link ConnectionGuard} into every connection of the HTTP server, which has no timeout for slow requests
 * itself. Netty finds this class as a service, and makes it when the server opens.
 */
@RegisterForReflection
public final class ConnectionGuards extends ChannelInitializerExtension {

    private final HttpConfig config;

    public ConnectionGuards() {
        config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class).getConfigMapping(HttpConfig.class);
    }

    /** Netty looks for such services only when it is told to. Startup ends before the server opens. */
    static void enable(@Observes StartupEvent start) {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }

    @Override
    public void postInitializeServerChildChannel(Channel connection) {
        connection.pipeline().addFirst(new FirstBytes(new ConnectionGuard(config)));
    }

    /** Before the decoder: sees bytes of a request that is not yet there. */
    private static final class FirstBytes extends ChannelInboundHandlerAdapter {

        private final ConnectionGuard guard;

        private FirstBytes(ConnectionGuard guard) {
            this.guard = guard;
        }

        /** A connection of another kind, such as those of the management port, is left alone. */
        @Override
        public void channelActive(ChannelHandlerContext context) {
            var encoder = context.pipeline().context(HttpResponseEncoder.class);
            if (encoder == null) {
                context.pipeline().remove(this);
            } else {
                context.pipeline().addAfter(encoder.name(), "guard", guard);
            }
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            guard.bytesArrive();
            context.fireChannelRead(bytes);
        }
    }
}
