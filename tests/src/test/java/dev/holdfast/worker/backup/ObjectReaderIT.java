package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.tests.Cloud;
import dev.holdfast.worker.backup.ObjectReader.Read;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Objects that are not what they were when they were listed. */
class ObjectReaderIT {

    private final S3Client s3 = Cloud.s3();
    private final Bucket bucket = new Bucket(s3, "reader-" + UUID.randomUUID(), "");
    private final ObjectReader reader = new ObjectReader(bucket);

    @BeforeEach
    void makeBucket() {
        s3.createBucket(create -> create.bucket(bucket.name()));
    }

    @AfterEach
    void closeClient() {
        s3.close();
    }

    @Test
    void smallObjectThatWasReplacedIsReadWholeUpToTheLimit() {
        var listed = listed(10);
        var largest = put(ObjectReader.SMALL);

        var read = reader.whole(listed);

        assertThat(read).get().isInstanceOfSatisfying(Read.Open.class, open -> {
            assertThat(open.replaced()).isTrue();
            assertThat(open.content()).hasBinaryContent(largest);
        });
    }

    @Test
    void objectThatWasReplacedByALargeOneIsNotReadWholeButAtItsTurn() {
        var listed = listed(10);
        var large = put(ObjectReader.SMALL + 1);

        assertThat(reader.whole(listed)).isEmpty();

        assertThat(reader.open(listed, false)).isInstanceOfSatisfying(Read.Open.class, open -> {
            assertThat(open.replaced()).isTrue();
            assertThat(open.content()).hasBinaryContent(large);
        });
    }

    /** As at an endpoint that does not heed the version that is asked for. */
    @Test
    void contentThatIsLongerThanWasListedIsNotReadWhole() {
        var there = listed(3_000_000);
        var listed = new Listed(there.key(), 10, there.etag(), there.modified());

        assertThat(reader.whole(listed)).isEmpty();
    }

    private Listed listed(int size) {
        put(size);
        return bucket.list(KeyRange.ALL).next();
    }

    private byte[] put(int size) {
        var content = new byte[size];
        Arrays.fill(content, (byte) size);
        s3.putObject(put -> put.bucket(bucket.name()).key("a"), RequestBody.fromBytes(content));
        return content;
    }
}
