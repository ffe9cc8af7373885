package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class S3UploadTest {

    private final S3Client nowhere =
            S3Client.builder().region(Region.EU_CENTRAL_1).build();

    @AfterEach
    void close() {
        nowhere.close();
    }

    @Test
    void largestObjectIsWhatTenThousandPartsHold() {
        assertThat(IntStream.range(0, 10_000).mapToLong(S3Upload::partSize).sum())
                .isEqualTo(S3Upload.LARGEST_BYTES)
                .isEqualTo(641_728_512_000L);
    }

    @Test
    void oneByteMoreThanTheLargestObjectHasNoRoom() throws IOException {
        var upload = new S3Upload(nowhere, "bucket", NewObject.of("key"));

        upload.write(new byte[5]);

        upload.ensureRoom(641_728_512_000L - 5);
        assertThatThrownBy(() -> upload.ensureRoom(641_728_512_000L - 4))
                .isInstanceOf(IOException.class)
                .hasMessage("an object would be larger than 641728512000 bytes");
    }
}
