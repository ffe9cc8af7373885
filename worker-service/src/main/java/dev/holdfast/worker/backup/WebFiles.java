package dev.holdfast.worker.backup;

import dev.holdfast.job.Job;
import dev.holdfast.outbound.Destination;
import dev.holdfast.outbound.FetchConfig;
import dev.holdfast.outbound.OutboundClient;
import dev.holdfast.outbound.OutboundClient.Called;
import dev.holdfast.outbound.OutboundGuard;
import dev.holdfast.outbound.OutboundResponse;
import dev.holdfast.restic.SourceEntry;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fetches what URLs name: only from where the operator allows, as much as allowed, and not what is known already. */
@Singleton
final class WebFiles {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int NOT_MODIFIED = 304;
    private static final int TIMED_OUT = 408;
    private static final int TOO_MANY = 429;

    /** A server may ask to be left in peace so often and so long, before that counts as failing. */
    private static final Duration PATIENCE = Duration.ofHours(6);

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final OutboundClient client;
    private final FetchConfig config;
    private final InstantSource clock;

    WebFiles(Vertx vertx, OutboundGuard guard, FetchConfig config, InstantSource clock) {
        this.client = new OutboundClient(vertx, guard, config.timeout());
        this.config = config;
        this.clock = clock;
    }

    /** What came of asking for a file. */
    sealed interface Fetched {
        /** It is there, or was; {@code open} is to be closed. */
        record File(SourceFile file, Closeable open) implements Fetched {}

        /** It cannot be fetched, and never will be. */
        record Unusable(String code, String message) implements Fetched {}

        /** The server wants to be asked later. */
        record Later(Duration delay, String reason) implements Fetched {}
    }

    /** What was fetched is none that may be stored; fetching it again does not help. */
    static final class TooLargeException extends RuntimeException {
        TooLargeException(String message) {
            super(message);
        }
    }

    /** A planned end in the middle of asking. */
    private static final class EndException extends IOException {
        private final transient Fetched end;

        EndException(Fetched end) {
            super(String.valueOf(end));
            this.end = end;
        }
    }

    /** Reads a URL as it is in a job. Throws {@link IllegalArgumentException} when it is no longer allowed. */
    WebFile file(String url) {
        return new WebFile(Destination.of(url, config.plain()));
    }

    /**
     * Asks for a file. Throws an {@link IOException} when asking again may help.
     *
     * @param before the file as it was backed up last
     */
    Fetched fetch(Job job, WebFile file, Optional<Node> before) throws IOException {
        try {
            var known = before.filter(node -> node.kind() instanceof Node.File);
            var answer = get(job, file.url(), known.map(WebFile::unlessSame).orElseGet(Map::of));
            if (answer.status() == NOT_MODIFIED && known.isPresent()) {
                answer.close();
                return same(job, file, known.get());
            }
            return taken(job, file, known, answer);
        } catch (EndException planned) {
            return planned.end;
        }
    }

    private Fetched taken(Job job, WebFile file, Optional<Node> known, OutboundResponse answer) throws EndException {
        var length = answer.header("Content-Length").map(Long::parseLong).orElse(-1L);
        var attributes = file.attributes(answer, job.createdAt());
        if (known.filter(node -> WebFile.isSame(node, attributes, length)).isPresent()) {
            answer.close();
            return same(job, file, known.get());
        }
        if (length > config.bytes()) {
            answer.close();
            return new Fetched.Unusable("source-too-large", tooLarge(file));
        }
        var name = ByteString.of(file.name());
        SourceEntry.Content content = () -> content(file, answer, length);
        return new Fetched.File(new SourceFile(name, attributes, length, content), answer::close);
    }

    private InputStream content(WebFile file, OutboundResponse answer, long length) {
        var content = answer.content(config.idle(), config.longest());
        return new WebContent(content, length, config.bytes(), tooLarge(file), answer::close);
    }

    private String tooLarge(WebFile file) {
        return "%s is larger than %d bytes (holdfast.fetch.bytes)."
                .formatted(file.url().shown(), config.bytes());
    }

    /** The file as it was; fetched after all if the repository has lost its content. */
    private Fetched same(Job job, WebFile file, Node before) {
        var size = before.kind() instanceof Node.File(var bytes, var _) ? bytes : -1;
        SourceEntry.Content content = () -> {
            var answer = get(job, file.url(), Map.of());
            var length = answer.header("Content-Length").map(Long::parseLong).orElse(-1L);
            if (!WebFile.isSame(before, file.attributes(answer, job.createdAt()), length)) {
                answer.close();
                throw new IOException("it has changed since it was asked for");
            }
            return content(file, answer, length);
        };
        return new Fetched.File(new SourceFile(before.name(), before.attributes(), size, content), () -> {});
    }

    /** The answer at the end of all redirects; one that is neither content nor {@value #NOT_MODIFIED} is an end. */
    private OutboundResponse get(Job job, Destination url, Map<String, String> conditions) throws IOException {
        var headers = new HashMap<>(conditions);
        headers.put("User-Agent", "Holdfast-Backup/1");
        headers.put("Accept", "*/*");
        headers.put("Accept-Encoding", "identity");
        var at = url;
        for (var redirects = 0; redirects <= config.redirects(); redirects++) {
            var answer = call(at, headers);
            if (!REDIRECTS.contains(answer.status())) return judged(job, at, answer, !conditions.isEmpty());
            answer.close();
            at = redirected(at, answer);
        }
        throw unusable("source-unreadable", url, "redirects more than " + config.redirects() + " times");
    }

    private OutboundResponse call(Destination at, Map<String, String> headers) throws IOException {
        try {
            return switch (client.get(at, headers, config.timeout())) {
                case Called.Answered(var answer) -> answer;
                case Called.Refused(var reason) ->
                    throw unusable("url-not-allowed", at, "must not be called: " + reason);
                case Called.Failed(var _, var reason) -> throw new IOException(at.shown() + ": " + reason);
            };
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }

    private Destination redirected(Destination from, OutboundResponse answer) throws EndException {
        var location = answer.header("Location").orElse("").replaceFirst("#.*", "");
        if (location.isEmpty()) throw unusable("source-unreadable", from, "redirects, and does not say where to");
        try {
            var to = URI.create(from.shown()).resolve(new URI(location));
            return Destination.of(to.toString(), config.plain());
        } catch (URISyntaxException e) {
            throw unusable("source-unreadable", from, "redirects to what is no URL: " + e.getReason());
        } catch (IllegalArgumentException e) {
            throw unusable("url-not-allowed", from, "redirects to a URL that must not be called: it " + e.getMessage());
        }
    }

    private OutboundResponse judged(Job job, Destination at, OutboundResponse answer, boolean conditional)
            throws IOException {
        var status = answer.status();
        if (status == 200 || (status == NOT_MODIFIED && conditional)) return answer;
        answer.close();
        var now = clock.instant();
        var said = "answers " + status;
        if (status < 500 && status != TIMED_OUT && status != TOO_MANY) throw unusable("source-unreadable", at, said);
        var wait = answer.retryAfter(now).filter(some -> isPatient(job, now));
        if (wait.isEmpty()) throw new IOException(at.shown() + " " + said);
        throw new EndException(
                new Fetched.Later(between(SHORTEST_WAIT, wait.get(), LONGEST_WAIT), at.shown() + " " + said));
    }

    private static boolean isPatient(Job job, Instant now) {
        return job.createdAt().plus(PATIENCE).isAfter(now);
    }

    private static Duration between(Duration least, Duration wanted, Duration most) {
        if (wanted.compareTo(least) < 0) return least;
        return wanted.compareTo(most) > 0 ? most : wanted;
    }

    private static EndException unusable(String code, Destination url, String why) {
        return new EndException(new Fetched.Unusable(code, url.shown() + " " + why + "."));
    }
}
