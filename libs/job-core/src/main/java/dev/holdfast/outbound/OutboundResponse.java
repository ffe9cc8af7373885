package dev.holdfast.outbound;

import io.vertx.core.http.HttpClientResponse;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The answer to a call. Its connection ends with {@link #close}, whatever is still to come. For one thread. */
public final class OutboundResponse implements AutoCloseable {

    private final HttpClientResponse response;
    private final OutboundContent content;
    private final Runnable hangUp;

    OutboundResponse(HttpClientResponse response, OutboundContent content, Runnable hangUp) {
        this.response = response;
        this.content = content;
        this.hangUp = hangUp;
    }

    public int status() {
        return response.statusCode();
    }

    /** The first header of that name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(response.getHeader(name));
    }

    /** A header that is a date of HTTP (RFC 9110, section 5.6.7); empty when it is none. */
    public Optional<Instant> date(String name) {
        return header(name).flatMap(OutboundResponse::httpDate);
    }

    private static Optional<Instant> httpDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException other) {
            return Optional.empty();
        }
    }

    /** How long it asks to be left in peace, in seconds or until a date (RFC 9110, section 10.2.3). */
    public Optional<Duration> retryAfter(Instant now) {
        var text = header("Retry-After").orElse("");
        if (text.matches("[0-9]{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        return httpDate(text).map(date -> Duration.between(now, date)).filter(Duration::isPositive);
    }

    /**
     * The content, which is fetched as it is read. A read fails when the content is cut short or takes too long.
     *
     * @param idle how long may pass until something more comes
     * @param time how long the whole may take from now on
     */
    public InputStream content(Duration idle, Duration time) {
        return content.within(idle, time);
    }

    @Override
    public void close() {
        hangUp.run();
    }
}
