package dev.holdfast.tests.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A proxy's own connection to the endpoint: opened when first needed, and again when the endpoint has closed it. */
final class Upstream implements AutoCloseable {

    private final URI target;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();

    Upstream(URI target) {
        this.target = target;
    }

    /** Sends a request and reads its answer. */
    HttpMessage send(HttpMessage request) throws IOException {
        var kept = socket;
        if (kept != null) {
            try {
                return exchange(kept, request);
            } catch (IOException staleAfterAll) {
                close();
            }
        }
        var fresh = new Socket(target.getHost(), target.getPort());
        fresh.setTcpNoDelay(true);
        socket = fresh;
        in = new BufferedInputStream(fresh.getInputStream());
        return exchange(fresh, request);
    }

    private HttpMessage exchange(Socket connection, HttpMessage request) throws IOException {
        request.writeTo(connection.getOutputStream());
        return HttpMessage.readResponse(in, request.method());
    }

    @Override
    public void close() throws IOException {
        var open = socket;
        socket = null;
        if (open != null) open.close();
    }
}
