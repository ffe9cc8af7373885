package dev.holdfast.worker.backup;

import dev.holdfast.job.BackupSource;
import dev.holdfast.outbound.Destination;
import dev.holdfast.outbound.OutboundResponse;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What a URL names, as a file of a snapshot; what its server says of it is in the attributes {@code user.http.*}. */
record WebFile(Destination url) {

    private static final String URL = "user.http.url";
    private static final String ETAG = "user.http.etag";
    private static final String LAST_MODIFIED = "user.http.last-modified";
    private static final Map<String, String> KEPT = Map.of(
            ETAG,
            "ETag",
            LAST_MODIFIED,
            "Last-Modified",
            "user.http.content-type",
            "Content-Type",
            "user.http.content-encoding",
            "Content-Encoding");

    /** Longer ones are not kept: file systems give all attributes of a file little more than this. */
    private static final int LONGEST_VALUE = 1_000;

    private static final int LONGEST_NAME = 255;
    private static final Pattern NAME = Pattern.compile(BackupSource.FILE_NAME);

    /** The last part of the path, or else the host. */
    String name() {
        var path = url.path().replaceFirst("\\?.*", "");
        var last = path.substring(path.lastIndexOf('/') + 1);
        var decoded = URLDecoder.decode(last.replace("+", "%2B"), StandardCharsets.UTF_8);
        return isName(decoded) ? decoded : isName(last) ? last : url.host();
    }

    private static boolean isName(String text) {
        return NAME.matcher(text).matches() && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
    }

    /**
     * What people see as the source; the same for every backup of it. Of the query, which may hold a secret, it has as
     * much of a hash as tells two apart, and too little to guess one by.
     */
    List<String> paths() {
        var query = url.path().indexOf('?');
        var mark = query < 0 ? "" : "?" + hash(url.path().substring(query)).substring(0, 8);
        return List.of("/http/" + url.shown().replaceFirst("^https?://", "") + mark);
    }

    private static String hash(String text) {
        return Id.hashOf(text.getBytes(StandardCharsets.UTF_8)).toHex();
    }

    /** Of the file that an answer is; {@code otherwise}: its time if the server tells none. */
    Attributes attributes(OutboundResponse answer, Instant otherwise) {
        var all = new TreeMap<String, String>();
        all.put(URL, url.shown());
        KEPT.forEach((name, header) -> answer.header(header)
                .filter(value -> !value.isEmpty() && value.length() <= LONGEST_VALUE)
                .ifPresent(value -> all.put(name, value)));
        var extended = new ArrayList<ExtendedAttribute>();
        all.forEach((name, value) -> extended.add(new ExtendedAttribute(name, ByteString.of(value))));
        var modified = answer.date("Last-Modified").orElse(otherwise);
        return Attributes.of(0644, modified).withExtended(extended);
    }

    /** The headers by which a server tells that nothing is new since then. */
    static Map<String, String> unlessSame(Node before) {
        var etag = value(before.attributes(), ETAG);
        if (etag.isPresent()) return Map.of("If-None-Match", etag.get());
        return value(before.attributes(), LAST_MODIFIED)
                .map(time -> Map.of("If-Modified-Since", time))
                .orElseGet(Map::of);
    }

    /** Whether that is the same content, as far as length and ETag, or else the time, tell. */
    static boolean isSame(Node before, Attributes now, long sizeBytes) {
        if (!(before.kind() instanceof Node.File(var size, var _)) || size != sizeBytes) return false;
        var mark = value(now, ETAG).isPresent() ? ETAG : LAST_MODIFIED;
        return value(now, mark).isPresent() && value(now, mark).equals(value(before.attributes(), mark));
    }

    private static Optional<String> value(Attributes attributes, String name) {
        return attributes.extended().stream()
                .filter(attribute -> attribute.name().equals(name))
                .map(attribute -> attribute.value().text())
                .findFirst();
    }
}
