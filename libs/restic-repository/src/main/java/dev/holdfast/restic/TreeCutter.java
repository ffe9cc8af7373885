package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts what is selected of a snapshot into ranges of about the same work. Reads trees, and no content. A tree that
 * cannot be read counts as one entry: whoever restores its range will find out.
 */
final class TreeCutter {
    private final Trees trees;
    private final Selection selection;
    private final int mostRanges;
    private final Runnable visited;
    private final List<TreeRange> ranges = new ArrayList<>();
    private long mostFiles;
    private long mostBytes;
    private List<Integer> from = List.of();
    private long files;
    private long bytes;

    /**
     * {@code mostRanges}, which is even: when there are as many, two at a time become one, and those that follow get
     * twice the size. {@code visited} is called for each entry.
     */
    TreeCutter(Trees trees, Selection selection, long mostFiles, long mostBytes, int mostRanges, Runnable visited) {
        this.trees = trees;
        this.selection = selection;
        this.mostFiles = mostFiles;
        this.mostBytes = mostBytes;
        this.mostRanges = mostRanges;
        this.visited = visited;
    }

    /** The ranges, in order, at least one: without a gap they make all of the tree. */
    List<TreeRange> cut(Id root) {
        entries(NodePath.ROOT, List.of(), root, false);
        ranges.add(new TreeRange(from, List.of()));
        return ranges;
    }

    /** Those of a synthetic directory, which has no others in it, take the place of it. */
    private void entries(NodePath path, List<Integer> place, Id tree, boolean synthetic) {
        Restorer.requireDepth(path, place.size());
        int number = 0;
        for (var node : trees.tree(tree)) {
            var at = TreeRange.inside(place, number++);
            if (!node.name().isFileName()) continue;
            if (synthetic || !TreeBuilder.isSplitPart(node)) {
                entry(path.child(node.name()), at, node);
            } else if (node.kind() instanceof Node.Directory part) {
                entries(path, at, part.subtree(), true);
            }
        }
    }

    private void entry(NodePath path, List<Integer> place, Node node) {
        visited.run();
        switch (node.kind()) {
            case Node.Directory directory -> {
                if (!selection.mayIncludeInside(path)) return;
                try {
                    entries(path, place, directory.subtree(), false);
                } catch (ResticException.Damaged | ResticException.Missing | ResticException.TooLarge unreadable) {
                    files++;
                }
            }
            case Node.File file -> {
                if (selection.includes(path)) add(place, file.sizeBytes());
            }
            case Node.Symlink _, Node.Device _, Node.Fifo _, Node.Socket _ -> {
                if (selection.includes(path)) add(place, 0);
            }
        }
    }

    private void add(List<Integer> place, long size) {
        if (files > 0 && (files >= mostFiles || bytes + size > mostBytes)) {
            ranges.add(new TreeRange(from, place));
            from = place;
            files = 0;
            bytes = 0;
            if (ranges.size() == mostRanges) join();
        }
        files++;
        bytes += size;
    }

    private void join() {
        for (int i = 0; i < ranges.size(); i++) {
            ranges.set(
                    i, new TreeRange(ranges.get(i).from(), ranges.remove(i + 1).to()));
        }
        mostFiles *= 2;
        mostBytes *= 2;
    }
}
