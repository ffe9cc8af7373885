package dev.holdfast.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A connection over which anything can be sent, whether it is HTTP or not. */
public final class RawHttp implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int filled;
    private boolean usable = true;

    public RawHttp(URI base) throws IOException {
        socket = new Socket(base.getHost(), base.getPort());
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** An answer. {@code whole}: it ended, and was not merely all that came in time. */
    public record Answer(int status, Map<String, String> headers, String body, boolean whole) {

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** The body as JSON; a missing node when it is none. */
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException none) {
                return MissingNode.getInstance();
            }
        }
    }

    public RawHttp send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Whether another request can follow. */
    public boolean isUsable() {
        return usable && !socket.isClosed();
    }

    /** Whether something of an answer is there. */
    public boolean hasAnswer() throws IOException {
        return position < filled || in.available() > 0;
    }

    /** Waits until the other side closes the connection without another word; false when it does not in that time. */
    public boolean isClosedWithin(Duration time) {
        try {
            socket.setSoTimeout((int) time.toMillis());
            return in.read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /**
     * Reads an answer, interim ones (1xx) included.
     *
     * @return empty when the connection was closed without one
     * @throws SocketTimeoutException when there was none in time
     */
    public Optional<Answer> read(Duration time) throws IOException {
        return read(time, false);
    }

    /** The same for the answer to a HEAD, which has no body whatever its headers say. */
    public Optional<Answer> read(Duration time, boolean head) throws IOException {
        var until = System.nanoTime() + time.toNanos();
        try {
            var statusLine = line(until);
            if (!statusLine.startsWith("HTTP/1.")) throw new IOException("no answer: " + statusLine);
            var headers = headers(until);
            var status = Integer.parseInt(statusLine.substring(9, 12));
            if ("close".equalsIgnoreCase(headers.get("connection"))) usable = false;
            var body = new ByteArrayOutputStream();
            var whole = head || status < 200 || status == 204 || status == 304 || body(headers, body, until);
            if (!whole) usable = false;
            return Optional.of(new Answer(status, headers, body.toString(StandardCharsets.UTF_8), whole));
        } catch (EOFException | SocketException closed) {
            usable = false;
            return Optional.empty();
        } catch (SocketTimeoutException late) {
            usable = false;
            throw late;
        }
    }

    private Map<String, String> headers(long until) throws IOException {
        var headers = new TreeMap<String, String>();
        for (var line = line(until); !line.isEmpty(); line = line(until)) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private boolean body(Map<String, String> headers, ByteArrayOutputStream body, long until) throws IOException {
        try {
            if (headers.containsKey("content-length")) {
                take(Integer.parseInt(headers.get("content-length")), body, until);
            } else if (headers.containsKey("transfer-encoding")) {
                for (var size = chunk(until); size > 0; size = chunk(until)) {
                    take(size, body, until);
                    line(until);
                }
                line(until);
            } else {
                usable = false;
                while (true) body.write(next(until));
            }
        } catch (SocketTimeoutException stream) {
            return false;
        } catch (EOFException end) {
            return !headers.containsKey("content-length");
        }
        return true;
    }

    private int chunk(long until) throws IOException {
        return Integer.parseInt(line(until), 16);
    }

    private void take(int length, ByteArrayOutputStream to, long until) throws IOException {
        for (var i = 0; i < length; i++) to.write(next(until));
    }

    private String line(long until) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = next(until); b != '\n'; b = next(until)) if (b != '\r') line.write(b);
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private int next(long until) throws IOException {
        if (position < filled) return buffer[position++] & 0xff;
        var left = (int) ((until - System.nanoTime()) / 1_000_000);
        if (left <= 0) throw new SocketTimeoutException("no answer in time");
        socket.setSoTimeout(left);
        filled = in.read(buffer);
        position = 0;
        if (filled <= 0) throw new EOFException("closed");
        return buffer[position++] & 0xff;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
