package dev.holdfast.tests.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP/1.1 request or response, read whole. Headers keep their order and spelling, {@code Host} among them: S3
 * signatures cover it. Only what belongs to one hop is left out: {@code Connection}, {@code Expect}, and chunks, which
 * become a {@code Content-Length}.
 */
@SuppressWarnings("ArrayRecordComponent") // messages are passed on, never compared
record HttpMessage(String startLine, List<Header> headers, byte[] body) {

    private static final List<String> HOP_BY_HOP = List.of("connection", "expect", "transfer-encoding", "keep-alive");

    /** A header line. */
    record Header(String name, String value) {
        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    /** A response of our own making. */
    static HttpMessage response(int status, String contentType, String body, Header... more) {
        var headers = new ArrayList<>(List.of(new Header("Content-Type", contentType)));
        headers.addAll(List.of(more));
        return new HttpMessage("HTTP/1.1 " + status + " Faulty", headers, new byte[0]).withBody(body.getBytes(UTF_8));
    }

    /** Reads a request; empty when the client has hung up instead. Whoever waits for a "100 Continue" gets it. */
    static Optional<HttpMessage> readRequest(InputStream in, OutputStream out) throws IOException {
        var line = readLine(in);
        if (line.isEmpty()) return Optional.empty();
        var headers = readHeaders(in);
        if (value(headers, "Expect").isPresent()) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
            out.flush();
        }
        return Optional.of(whole(line.get(), headers, isChunked(headers) ? readChunks(in) : readCounted(in, headers)));
    }

    /** Reads the response to a request of that method. */
    static HttpMessage readResponse(InputStream in, String method) throws IOException {
        var line = readLine(in).orElseThrow(() -> new EOFException("closed before the answer"));
        while (line.startsWith("HTTP/1.1 100")) {
            readHeaders(in);
            line = readLine(in).orElseThrow(() -> new EOFException("closed before the answer"));
        }
        var headers = readHeaders(in);
        var status = Integer.parseInt(line.split(" ", 3)[1]);
        if (method.equals("HEAD") || status == 204 || status == 304) return whole(line, headers, new byte[0]);
        if (isChunked(headers)) return whole(line, headers, readChunks(in));
        return value(headers, "Content-Length").isPresent()
                ? whole(line, headers, readCounted(in, headers))
                : new HttpMessage(line, forwarded(headers), new byte[0]).withBody(in.readAllBytes());
    }

    private static HttpMessage whole(String line, List<Header> headers, byte[] body) {
        var message = new HttpMessage(line, forwarded(headers), body);
        return isChunked(headers) ? message.withBody(body) : message;
    }

    private static List<Header> forwarded(List<Header> headers) {
        return headers.stream()
                .filter(header -> HOP_BY_HOP.stream().noneMatch(header::is))
                .toList();
    }

    void writeTo(OutputStream out) throws IOException {
        var text = new StringBuilder(startLine).append("\r\n");
        for (var header : headers)
            text.append(header.name()).append(": ").append(header.value()).append("\r\n");
        var bytes = new ByteArrayOutputStream();
        bytes.write(text.append("\r\n").toString().getBytes(ISO_8859_1));
        bytes.write(body);
        out.write(bytes.toByteArray()); // in one piece: two small ones would wait for each other's acknowledgement
        out.flush();
    }

    /** The same message with another body, whose length it states. */
    HttpMessage withBody(byte[] other) {
        var changed = new ArrayList<>(headers);
        changed.removeIf(header -> header.is("Content-Length"));
        changed.add(new Header("Content-Length", Integer.toString(other.length)));
        return new HttpMessage(startLine, List.copyOf(changed), other);
    }

    /** Of a request. */
    String method() {
        return startLine.split(" ", 3)[0];
    }

    /** Of a request: path and query. */
    String target() {
        return startLine.split(" ", 3)[1];
    }

    Optional<String> header(String name) {
        return value(headers, name);
    }

    String text() {
        return new String(body, UTF_8);
    }

    private static Optional<String> value(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.is(name))
                .map(Header::value)
                .findFirst();
    }

    private static boolean isChunked(List<Header> headers) {
        return value(headers, "Transfer-Encoding")
                .filter(coding -> coding.equalsIgnoreCase("chunked"))
                .isPresent();
    }

    private static List<Header> readHeaders(InputStream in) throws IOException {
        var headers = new ArrayList<Header>();
        while (true) {
            var line = readLine(in).orElseThrow(() -> new EOFException("closed within the headers"));
            if (line.isEmpty()) return headers;
            var colon = line.indexOf(':');
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
    }

    private static byte[] readCounted(InputStream in, List<Header> headers) throws IOException {
        return readExactly(
                in, value(headers, "Content-Length").map(Integer::parseInt).orElse(0));
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            var line = readLine(in).orElseThrow(() -> new EOFException("closed within a chunk"));
            var size = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
            if (size == 0) break;
            body.write(readExactly(in, size));
            readLine(in);
        }
        readHeaders(in); // trailers
        return body.toByteArray();
    }

    private static byte[] readExactly(InputStream in, int size) throws IOException {
        var bytes = in.readNBytes(size);
        if (bytes.length < size) throw new EOFException("closed within a body");
        return bytes;
    }

    /** A line without its end; empty when the stream is at its end. */
    private static Optional<String> readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) return Optional.empty();
            if (next != '\r') line.write(next);
        }
        return Optional.of(line.toString(ISO_8859_1));
    }
}
