package dev.holdfast.ingest.repositories;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.restic.NodePath;
import dev.holdfast.restic.SnapshotTree;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Entries of a snapshot.
 *
 * @param more whether there are others beyond the limit, or may be where a search ended before all was looked at
 */
record FileList(
        @JsonProperty(required = true) List<Entry> items,
        @JsonProperty(required = true) boolean more) {

    /**
     * A file, a directory or something else. Names that are no text have U+FFFD in place of what is none.
     *
     * @param type {@code file}, {@code directory}, {@code symlink} or {@code other}
     * @param size of a file, in bytes
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Entry(
            @JsonProperty(required = true) String path,
            @JsonProperty(required = true) String type,
            Optional<Long> size,
            @JsonProperty(required = true) Instant modified) {

        static Entry of(NodePath path, Node node) {
            var text = new StringBuilder();
            for (var name : path.elements()) text.append('/').append(name.text());
            return switch (node.kind()) {
                case Node.File file -> entry(text, "file", Optional.of(file.sizeBytes()), node);
                case Node.Directory _ -> entry(text, "directory", Optional.empty(), node);
                case Node.Symlink _ -> entry(text, "symlink", Optional.empty(), node);
                case Node.Device _, Node.Fifo _, Node.Socket _ -> entry(text, "other", Optional.empty(), node);
            };
        }

        private static Entry entry(StringBuilder path, String type, Optional<Long> size, Node node) {
            return new Entry(path.toString(), type, size, node.attributes().modified());
        }
    }

    /** The entries of a directory; empty if there is no such directory. */
    static Optional<FileList> of(SnapshotTree tree, Id snapshot, NodePath directory, int limit) {
        return tree.list(snapshot, directory, limit + 1)
                .map(nodes -> new FileList(
                        nodes.stream()
                                .limit(limit)
                                .filter(node -> node.name().isFileName()) // as restores do
                                .map(node -> Entry.of(directory.child(node.name()), node))
                                .toList(),
                        nodes.size() > limit));
    }

    /**
     * All entries below a directory whose names match, where {@code *} stands for any characters.
     *
     * @param enough ends the search early; is asked for each entry
     */
    static Optional<FileList> find(
            SnapshotTree tree, Id snapshot, NodePath directory, String glob, int limit, BooleanSupplier enough) {
        var pattern = pattern(glob);
        var found = new ArrayList<Entry>();
        var ended = new boolean[1];
        var there = tree.walk(snapshot, directory, (path, node) -> {
            ended[0] = enough.getAsBoolean();
            if (ended[0]) return false;
            if (pattern.matcher(node.name().text()).matches()) found.add(Entry.of(path, node));
            return found.size() <= limit;
        });
        if (!there) return Optional.empty();
        return Optional.of(new FileList(
                List.copyOf(found.subList(0, Math.min(limit, found.size()))), found.size() > limit || ended[0]));
    }

    /** What is found first of each part is taken for good: to try others would take time without bounds. */
    private static Pattern pattern(String glob) {
        var parts = List.of(glob.split("\\*+", -1));
        var regex = new StringBuilder(Pattern.quote(parts.getFirst()));
        for (var part : parts.subList(1, Math.max(1, parts.size() - 1))) {
            regex.append("(?>.*?").append(Pattern.quote(part)).append(')');
        }
        if (parts.size() > 1) regex.append(".*").append(Pattern.quote(parts.getLast()));
        return Pattern.compile(regex.toString(), Pattern.DOTALL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
