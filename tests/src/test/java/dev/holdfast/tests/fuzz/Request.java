package dev.holdfast.tests.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as it goes over the wire.
 *
 * @param target path and query
 * @param headers whole lines, without {@code Content-Length}
 * @param framed whether its end can be known: then it is to be answered
 * @param pipe how the body is announced: {@code Content-Length}, chunked, or whatever a mutation made of it
 */
@SuppressWarnings("ArrayRecordComponent") // requests are not compared
record Request(String method, String target, List<String> headers, byte[] body, String pipe, boolean framed) {

    Request {
        headers = List.copyOf(headers);
    }

    /** Announced by its length. */
    static Request of(String method, String target, List<String> headers, byte[] body) {
        var pipe = body.length == 0 && method.equals("GET") ? "" : "Content-Length: " + body.length;
        return new Request(method, target, headers, body, pipe, true);
    }

    Request withMethod(String other) {
        return new Request(other, target, headers, body, pipe, framed);
    }

    Request withTarget(String other) {
        return new Request(method, other, headers, body, pipe, framed);
    }

    Request withHeader(String line) {
        var more = new ArrayList<>(headers);
        more.add(line);
        return new Request(method, target, more, body, pipe, framed);
    }

    Request withHeaders(List<String> others) {
        return new Request(method, target, others, body, pipe, framed);
    }

    /** The length is announced as it is. */
    Request withBody(byte[] other) {
        return new Request(method, target, headers, other, "Content-Length: " + other.length, framed);
    }

    /** Announced in some other way. */
    Request withPipe(String other, byte[] as, boolean stillFramed) {
        return new Request(method, target, headers, as, other, stillFramed);
    }

    byte[] bytes() {
        var head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        if (!pipe.isEmpty()) head.append(pipe).append("\r\n");
        var start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    /** Short enough to be read in a report. */
    @Override
    public String toString() {
        var text = new String(bytes(), StandardCharsets.ISO_8859_1).replaceAll("Bearer hf_\\S+", "Bearer hf_…");
        return text.substring(0, Math.min(700, text.length())).replace("\r\n", "⏎");
    }
}
