package dev.holdfast.worker.backup;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** What is kept of an object beside its content: as extended attributes of the file, all of them {@code user.s3.*}. */
final class ObjectAttributes {

    static final String KEY = "user.s3.key";
    static final String ETAG = "user.s3.etag";
    private static final String VERSION = "user.s3.version-id";
    private static final String CONTENT_TYPE = "user.s3.content-type";
    private static final String METADATA = "user.s3.meta.";

    /** What a store says when nobody has told it: not worth keeping. */
    private static final String ANY_CONTENT = "binary/octet-stream";

    private ObjectAttributes() {}

    /** Of an object that was read. */
    static Attributes of(Listed object, List<ByteString> path, GetObjectResponse read) {
        var all = new TreeMap<String, String>();
        all.put(ETAG, object.etag());
        if (!KeyNames.shown(path).equals(object.key())) all.put(KEY, object.key());
        Optional.ofNullable(read.versionId())
                .filter(version -> !version.equals("null"))
                .ifPresent(version -> all.put(VERSION, version));
        Optional.ofNullable(read.contentType())
                .filter(type -> !type.equals(ANY_CONTENT))
                .ifPresent(type -> all.put(CONTENT_TYPE, type));
        read.metadata().forEach((name, value) -> all.put(METADATA + name, value));
        var extended = new ArrayList<ExtendedAttribute>();
        all.forEach((name, value) -> extended.add(new ExtendedAttribute(name, ByteString.of(value))));
        return Attributes.of(0644, object.modified()).withExtended(extended);
    }

    /** The key that a file or folder had in its bucket, if its path is not the same text. */
    static Optional<String> key(Node node) {
        return value(node, KEY);
    }

    /** What its file knows of an object; nothing if it never was one. */
    static NewObject restored(String key, Node file) {
        var metadata = new TreeMap<String, String>();
        for (var one : file.attributes().extended()) {
            if (one.name().startsWith(METADATA)) {
                metadata.put(
                        one.name().substring(METADATA.length()), one.value().text());
            }
        }
        return new NewObject(key, value(file, CONTENT_TYPE), metadata);
    }

    private static Optional<String> value(Node node, String name) {
        return node.attributes().extended().stream()
                .filter(one -> one.name().equals(name))
                .map(one -> one.value().text())
                .findFirst();
    }

    /** Whether the file was made of the object as it is listed now. */
    static boolean isSame(Node file, Listed object) {
        return file.kind() instanceof Node.File(var size, var _)
                && size == object.sizeBytes()
                && file.attributes().modified().equals(object.modified())
                && file.attributes().extended().contains(new ExtendedAttribute(ETAG, ByteString.of(object.etag())));
    }

    /** Whole seconds. */
    static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    static String bare(String etag) {
        return etag.replace("\"", "");
    }
}
