package dev.holdfast.worker.backup;

import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A folder of a bucket while its entries are gathered; they may come in any order. For one thread. */
final class Folder {

    private final String prefix;
    private final NavigableMap<ByteString, Node> files = new TreeMap<>();
    private final NavigableMap<ByteString, Node> folders = new TreeMap<>();
    private Optional<Listed> marker = Optional.empty();

    /** {@code prefix} is what its keys begin with: empty for the root, else it ends with a slash. */
    Folder(String prefix) {
        this.prefix = prefix;
    }

    String prefix() {
        return prefix;
    }

    /** The prefix of the folder that this one is in; it must not be the root. */
    String parentPrefix() {
        return prefix.substring(0, prefix.lastIndexOf('/', prefix.length() - 2) + 1);
    }

    Collection<Node> files() {
        return Collections.unmodifiableCollection(files.values());
    }

    Collection<Node> folders() {
        return Collections.unmodifiableCollection(folders.values());
    }

    /** The folders in it that are stored. */
    List<Id> subtrees() {
        return folders.values().stream()
                .map(Node::kind)
                .filter(Node.Directory.class::isInstance)
                .map(kind -> ((Node.Directory) kind).subtree())
                .toList();
    }

    Optional<Listed> marker() {
        return marker;
    }

    void addFile(Node file) {
        files.put(file.name(), file);
    }

    void addFolder(Node folder) {
        folders.put(folder.name(), folder);
    }

    /** There is an object that stands for the folder itself. */
    void mark(Listed folder) {
        marker = Optional.of(folder);
    }

    /** A folder as an entry of the one that it is in. */
    record Stored(Node node, boolean split) {}

    /** Stores it with all that it has by now. */
    Stored store(PartWriter writer) {
        var tree = writer.tree();
        entries().values().forEach(tree::add);
        var id = tree.finish();
        var name = prefix.isEmpty()
                ? ByteString.of("root")
                : KeyNames.folder(prefix).getLast();
        return new Stored(new Node(name, new Node.Directory(id), attributes()), tree.wasSplit());
    }

    /** A file that has the name of a folder gets another one. */
    private NavigableMap<ByteString, Node> entries() {
        var entries = new TreeMap<>(folders);
        files.forEach((name, file) -> {
            var entry = folders.containsKey(name) ? besideFolder(file) : file;
            entries.put(entry.name(), entry);
        });
        return entries;
    }

    private Node besideFolder(Node file) {
        var extended = new ArrayList<>(file.attributes().extended());
        if (extended.stream().noneMatch(one -> one.name().equals(ObjectAttributes.KEY))) {
            extended.add(new ExtendedAttribute(
                    ObjectAttributes.KEY, ByteString.of(prefix + file.name().text())));
        }
        return new Node(
                KeyNames.besideFolder(file.name()),
                file.kind(),
                file.attributes().withExtended(extended));
    }

    /**
     * A bucket knows no times of folders: it is the latest of what is in it, so that what does not change is the same.
     */
    private Attributes attributes() {
        var latest = marker.map(Listed::modified).orElse(Instant.EPOCH);
        for (var nodes : List.of(files.values(), folders.values())) {
            for (var node : nodes) {
                var modified = node.attributes().modified();
                if (modified.isAfter(latest)) latest = modified;
            }
        }
        var attributes = Attributes.of(0755, latest);
        return marker.map(folder -> attributes.withExtended(List.of(
                        new ExtendedAttribute(ObjectAttributes.ETAG, ByteString.of(folder.etag())),
                        new ExtendedAttribute(ObjectAttributes.KEY, ByteString.of(folder.key())))))
                .orElse(attributes);
    }
}
