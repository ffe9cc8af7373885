package dev.holdfast.tests.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Spoils requests. */
final class Mutations {

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    /** The same request with up to three things changed; one in ten is left as it is. */
    Request of(Request request) {
        if (random.nextInt(10) == 0) return request;
        var mutated = request;
        for (var times = 1 + random.nextInt(3); times > 0; times--) mutated = once(mutated);
        return mutated;
    }

    private Request once(Request request) {
        return switch (random.nextInt(14)) {
            case 0 -> request.withMethod(any(Oddities.METHODS));
            case 1, 2 -> request.withTarget(insert(request.target(), any(Oddities.SNIPPETS)));
            case 3 -> request.withTarget(query(request.target()));
            case 4 -> request.withTarget(cut(request.target()));
            case 5, 6 -> header(request);
            case 7 -> shuffled(request);
            case 8 -> pipe(request);
            case 9 -> request.withBody(bytes(request.body()));
            case 10 -> request.withBody(odd(request.body()));
            default -> request.withBody(text(request.body(), this::value));
        };
    }

    private String query(String target) {
        var names = new String[] {
            "state", "type", "label", "since", "until", "limit", "cursor", "wait", "lane", "token", "path", "x"
        };
        var parameter = any(names) + "=" + any(Oddities.SNIPPETS);
        var times = random.nextInt(20) == 0 ? 200 : 1;
        return target + (target.contains("?") ? "&" : "?") + String.join("&", Collections.nCopies(times, parameter));
    }

    private String cut(String target) {
        if (random.nextInt(10) == 0) return target + "/" + "x".repeat(random.nextInt(12_000));
        return target.substring(0, random.nextInt(target.length() + 1));
    }

    private Request header(Request request) {
        var line = random.nextInt(12) == 0 ? "X-Fuzz: " + "x".repeat(random.nextInt(20_000)) : any(Oddities.HEADERS);
        var framed = !line.startsWith("Content-Length")
                && !line.startsWith("Transfer-Encoding")
                && !line.startsWith(" ")
                && !line.startsWith("Connection")
                && !line.startsWith("Upgrade")
                && !line.startsWith("Expect");
        var changed = request.withHeader(line);
        return framed ? changed : changed.withPipe(changed.pipe(), changed.body(), false);
    }

    private Request shuffled(Request request) {
        var headers = new ArrayList<>(request.headers());
        switch (random.nextInt(3)) {
            case 0 -> Collections.shuffle(headers, random);
            case 1 -> headers.remove(random.nextInt(headers.size()));
            default -> headers.addAll(Collections.nCopies(random.nextInt(150), "X-Many: x"));
        }
        return request.withHeaders(headers);
    }

    private Request pipe(Request request) {
        var body = request.body();
        var text = new String(body, StandardCharsets.ISO_8859_1);
        var chunked = Integer.toHexString(body.length) + "\r\n" + text + "\r\n0\r\n\r\n";
        return switch (random.nextInt(6)) {
            case 0 -> request.withPipe("Content-Length: " + (body.length + 10), body, false);
            case 1 -> request.withPipe("Content-Length: " + Math.max(0, body.length - 3), body, false);
            case 2 -> request.withPipe("Content-Length: x", body, false);
            case 3 -> request.withPipe("Transfer-Encoding: chunked", bytesOf("zz\r\n" + text), false);
            case 4 -> request.withPipe("Transfer-Encoding: chunked\r\nContent-Length: 3", bytesOf(chunked), false);
            default ->
                request.withPipe(
                        "Transfer-Encoding: chunked",
                        bytesOf(body.length == 0 ? "0\r\n\r\n" : chunked),
                        request.framed());
        };
    }

    private byte[] bytes(byte[] body) {
        if (body.length == 0) return odd(body);
        var copy = body.clone();
        for (var times = 1 + random.nextInt(5); times > 0; times--) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
        return copy;
    }

    private byte[] odd(byte[] body) {
        return switch (random.nextInt(9)) {
            case 0 -> new byte[0];
            case 1 -> new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16LE);
            case 2 -> new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
            case 3 -> gzip(body);
            case 4 -> bytesOf("[".repeat(1 + random.nextInt(5_000)));
            case 5 -> bytesOf("{\"a\":".repeat(1 + random.nextInt(200)) + "1");
            case 6 -> bytesOf("\"" + "x".repeat(random.nextInt(400_000)) + "\"");
            case 7 -> bytesOf("[" + "1,".repeat(random.nextInt(100_000)) + "1]");
            default -> {
                var noise = new byte[random.nextInt(2_000)];
                random.nextBytes(noise);
                yield noise;
            }
        };
    }

    /** One of the JSON values in the body is replaced, or one of the names. */
    private String value(String json) {
        var colons = json.chars().filter(c -> c == ':').count();
        if (colons == 0) return any(Oddities.VALUES);
        var at = 0;
        for (var skip = random.nextInt((int) colons) + 1; skip > 0; skip--) at = json.indexOf(':', at) + 1;
        var end = at;
        while (end < json.length() && ",}]".indexOf(json.charAt(end)) < 0) end++;
        return switch (random.nextInt(6)) {
            case 0 ->
                json.substring(0, at) + any(Oddities.VALUES) + ",\"extra\":" + any(Oddities.VALUES)
                        + json.substring(end);
            case 1 -> insert(json, any(Oddities.SNIPPETS));
            case 2 -> json.substring(0, at) + "\"" + "y".repeat(random.nextInt(3_000)) + "\"" + json.substring(end);
            default -> json.substring(0, at) + any(Oddities.VALUES) + json.substring(end);
        };
    }

    private static byte[] text(byte[] body, UnaryOperator<String> change) {
        return change.apply(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] body) {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String insert(String into, String what) {
        var at = into.isEmpty() ? 0 : random.nextInt(into.length() + 1);
        return into.substring(0, at) + what + into.substring(at);
    }

    private String any(String[] of) {
        return of[random.nextInt(of.length)];
    }
}
