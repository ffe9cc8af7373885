package dev.holdfast.worker.backup;

import dev.holdfast.job.JobPayload.BackupShard.Piece;
import dev.holdfast.job.Progress;
import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.Manifest.Stretch;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Stores a piece of a huge object. Its chunks begin at the piece, so that the same pieces of the same object make the
 * same chunks; only those at its two ends differ from those of the whole. For one thread, once.
 */
record ObjectPiece(Run run, Workplace at, PartWriter writer, Bucket bucket) {

    private static final int GONE = 404;
    private static final int REPLACED = 412;

    /** Empty if there is another version of the object by now, or none. */
    Optional<Stretch> store(String key, Piece piece) throws IOException {
        var object = new Listed(key, piece.sizeBytes(), piece.etag(), Instant.ofEpochSecond(piece.modified()));
        try {
            return Optional.of(store(object, piece));
        } catch (ObjectStream.ReplacedException replaced) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() != GONE && e.statusCode() != REPLACED) throw e;
            return Optional.empty();
        }
    }

    private Stretch store(Listed object, Piece piece) throws IOException {
        var begun = bucket.open(object.key(), piece.from(), Optional.of(object.etag()));
        var read = new long[1];
        try (var content = new ObjectStream(bucket, object, begun, piece.from(), piece.to())) {
            var stored = writer.store(content, bytes -> {
                run.ensureMine();
                at.lock().keep();
                read[0] += bytes;
                run.report(new Progress(read[0], piece.to() - piece.from(), "bytes", "storing " + object.key()));
            });
            if (stored.sizeBytes() != piece.to() - piece.from()) {
                throw new IOException("%s has %d bytes from %d on in place of %d"
                        .formatted(object.key(), stored.sizeBytes(), piece.from(), piece.to() - piece.from()));
            }
            var path = KeyNames.path(object.key());
            var file = new Node(
                    path.getLast(),
                    new Node.File(object.sizeBytes(), List.of()),
                    ObjectAttributes.of(object, path, begun.response()));
            return new Stretch(
                    object.key(),
                    piece.from(),
                    stored.blobs().stream().map(Id::toHex).toList(),
                    piece.from() == 0 ? Optional.of(Manifest.Unfinished.json(List.of(file))) : Optional.empty());
        }
    }
}
