package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What no bucket can hold is refused before anything is sent: it fails by itself, and not the whole restore with it.
 */
class BucketSinkTest {

    private final S3Client nowhere =
            S3Client.builder().region(Region.EU_CENTRAL_1).build();
    private final BucketSink sink =
            new BucketSink(object -> new S3Upload(nowhere, "bucket", object), "back/", () -> {});

    @AfterEach
    void close() {
        sink.close();
        nowhere.close();
    }

    @Test
    void fileThatIsLargerThanAnObject() throws IOException {
        var path = NodePath.of("dump");

        sink.openFile(path, node(new Node.File(641_728_512_000L, List.of()), ""));

        assertThatThrownBy(() -> sink.openFile(path, node(new Node.File(641_728_512_001L, List.of()), "")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("641728512000");
    }

    @Test
    void keyThatIsTooLongWithThePrefix() throws IOException {
        var longest = "k".repeat(1019);
        var path = NodePath.of("made/up");

        sink.openFile(path, node(new Node.File(0, List.of()), longest));

        assertThatThrownBy(() -> sink.openFile(path, node(new Node.File(0, List.of()), longest + "k")))
                .isInstanceOf(IOException.class)
                .hasMessage("its key would be longer than 1024 bytes");
        assertThatThrownBy(() ->
                        sink.openDirectory(path, node(new Node.Directory(Id.hashOf(new byte[0])), longest + "/")))
                .isInstanceOf(IOException.class)
                .hasMessage("its key would be longer than 1024 bytes");
    }

    private static Node node(Node.Kind kind, String key) {
        var attributes = Attributes.of(0644, Instant.EPOCH);
        return new Node(
                ByteString.of("name"),
                kind,
                key.isEmpty()
                        ? attributes
                        : attributes.withExtended(List.of(new ExtendedAttribute("user.s3.key", ByteString.of(key)))));
    }
}
