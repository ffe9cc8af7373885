package dev.holdfast.worker.backup;

import dev.holdfast.queue.Begun;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket that is backed up, or the part of it below a prefix. */
record Bucket(S3Client s3, String name, String prefix) {

    /** It lists its objects in an order of its own, as directory buckets do: where it was left is not to be found. */
    static final class UnorderedException extends RuntimeException {
        UnorderedException(String key, String next) {
            super("The bucket lists " + next + " after " + key + "; only one that lists by key can be backed up.");
        }
    }

    /** The objects of a range by their keys. The next page is fetched while one is looked through. */
    Iterator<Listed> list(KeyRange range) {
        return new InRange(range);
    }

    private ListObjectsV2Response page(KeyRange range, Optional<String> token) {
        return s3.listObjectsV2(list -> {
            list.bucket(name);
            if (!prefix.isEmpty()) list.prefix(prefix);
            if (!range.after().isEmpty()) list.startAfter(range.after());
            token.ifPresent(list::continuationToken);
        });
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

    private final class InRange implements Iterator<Listed> {
        private final KeyRange range;
        private Optional<Begun<ListObjectsV2Response>> page;
        private Iterator<S3Object> objects = Collections.emptyIterator();
        private String last;
        private Optional<Listed> next = Optional.empty();
        private boolean ended;

        private InRange(KeyRange range) {
            this.range = range;
            this.last = range.after();
            this.page = Optional.of(Begun.begin(() -> page(range, Optional.empty())));
        }

        private void turn(ListObjectsV2Response here) {
            var keys = here.contents();
            objects = keys.iterator();
            page = Optional.ofNullable(here.nextContinuationToken())
                    .filter(token ->
                            keys.isEmpty() || !range.endsBefore(keys.getLast().key()))
                    .map(token -> Begun.begin(() -> page(range, Optional.of(token))));
        }

        @Override
        public boolean hasNext() {
            if (next.isEmpty() && !ended) advance();
            return next.isPresent();
        }

        private void advance() {
            while (!objects.hasNext() && page.isPresent()) turn(page.get().await());
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
