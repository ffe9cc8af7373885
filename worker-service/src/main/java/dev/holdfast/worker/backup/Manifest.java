package dev.holdfast.worker.backup;

import dev.holdfast.job.JobResult.BackedUp.Skipped;
import dev.holdfast.restic.SealedIndex;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.TreeJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a part of a backup has stored, for the run that puts the parts together.
 *
 * @param parent the snapshot that it was compared with
 * @param left the folders that go on in other parts
 * @param stretch of a huge object, where that is all of the part
 * @param indexes the index files of its packs, sealed once
 */
record Manifest(
        Optional<String> parent,
        BucketTally tally,
        List<Skipped> skipped,
        List<Unfinished> left,
        Optional<Stretch> stretch,
        List<Index> indexes) {

    /**
     * The content of a piece of an object.
     *
     * @param file the JSON of a tree with the file that the object becomes, without its content: with the first piece
     */
    record Stretch(String key, long from, List<String> blobs, Optional<String> file) {}

    /** A sealed index file in Base64. */
    record Index(String id, String sealed) {

        static Index of(SealedIndex index) {
            var bytes = Base64.getEncoder().encodeToString(index.sealed().toByteArray());
            return new Index(index.id().toHex(), bytes);
        }

        SealedIndex sealedIndex() {
            return new SealedIndex(
                    Id.parse(id), ByteString.of(Base64.getDecoder().decode(sealed)));
        }
    }

    /** A folder with those of its entries that the part has; each list is the JSON of a tree. */
    record Unfinished(String prefix, Optional<Listed> marker, String files, String folders) {

        static Unfinished of(Folder folder) {
            return new Unfinished(folder.prefix(), folder.marker(), json(folder.files()), json(folder.folders()));
        }

        static String json(Collection<Node> nodes) {
            var tree = TreeJson.join(nodes.stream().map(TreeJson::encode).toList());
            return new String(tree, StandardCharsets.UTF_8);
        }

        /** Adds what is here to what other parts have. */
        void addTo(Folder folder) {
            marker.ifPresent(folder::mark);
            nodes(files).forEach(folder::addFile);
            nodes(folders).forEach(folder::addFolder);
        }

        static List<Node> nodes(String json) {
            return TreeJson.decode(json.getBytes(StandardCharsets.UTF_8));
        }
    }

    List<Id> indexIds() {
        return indexes.stream().map(index -> Id.parse(index.id())).toList();
    }

    Manifest withoutIndexes() {
        return new Manifest(parent, tally, skipped, left, stretch, List.of());
    }
}
