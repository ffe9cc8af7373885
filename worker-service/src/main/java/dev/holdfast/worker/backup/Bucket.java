package dev.holdfast.worker.backup;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket that is backed up, or the part of it below a prefix. */
record Bucket(S3Client s3, String name, String prefix) {

    /** It lists its objects in an order of its own, as directory buckets do: where it was left is not to be found. */
    static final class UnorderedException extends RuntimeException {
        UnorderedException(String key, String next) {
            super("The bucket lists " + next + " after " + key + "; only one that lists by key can be backed up.");
        }
    }

    /** The objects of a range by their keys, a page at a time. */
    Iterator<Listed> list(KeyRange range) {
        var pages = s3.listObjectsV2Paginator(list -> {
            list.bucket(name);
            if (!prefix.isEmpty()) list.prefix(prefix);
            if (!range.after().isEmpty()) list.startAfter(range.after());
        });
        return new InRange(pages.contents().iterator(), range);
    }

    /**
     * Begins to read an object.
     *
     * @param from the first byte
     * @param etag only that version of it; empty: whatever there is
     */
    ResponseInputStream<GetObjectResponse> open(String key, long from, Optional<String> etag) {
        return s3.getObject(get -> {
            get.bucket(name).key(key);
            if (from > 0) get.range("bytes=" + from + "-");
            etag.filter(version -> !version.isEmpty()).ifPresent(version -> get.ifMatch("\"" + version + "\""));
        });
    }

    private static final class InRange implements Iterator<Listed> {
        private final Iterator<S3Object> objects;
        private final KeyRange range;
        private String last;
        private Optional<Listed> next = Optional.empty();
        private boolean ended;

        private InRange(Iterator<S3Object> objects, KeyRange range) {
            this.objects = objects;
            this.range = range;
            this.last = range.after();
        }

        @Override
        public boolean hasNext() {
            if (next.isEmpty() && !ended) advance();
            return next.isPresent();
        }

        private void advance() {
            ended = !objects.hasNext();
            if (ended) return;
            var object = objects.next();
            var key = object.key();
            ended = range.endsBefore(key);
            if (ended) return;
            if (KeyRange.compare(last, key) >= 0) throw new UnorderedException(last, key);
            last = key;
            next = Optional.of(new Listed(
                    key,
                    object.size(),
                    Optional.ofNullable(object.eTag())
                            .map(ObjectAttributes::bare)
                            .orElse(""),
                    ObjectAttributes.seconds(object.lastModified())));
        }

        @Override
        public Listed next() {
            if (!hasNext()) throw new NoSuchElementException();
            var listed = next.orElseThrow();
            next = Optional.empty();
            return listed;
        }
    }
}
