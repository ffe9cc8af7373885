package dev.holdfast.restic;

import dev.holdfast.restic.format.Node;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Restores into maps. */
final class MemorySink implements RestoreSink {
    private final List<String> names = new ArrayList<>();
    private final Map<String, byte[]> files = new TreeMap<>();
    private ByteArrayOutputStream current = new ByteArrayOutputStream();

    /** Of all entries, in the order they came. */
    List<String> names() {
        return names;
    }

    Map<String, byte[]> files() {
        return files;
    }

    @Override
    public void openDirectory(NodePath path, Node node) {
        names.add(path.toString());
    }

    @Override
    public void closeDirectory(NodePath path, Node node) {}

    @Override
    public OutputStream openFile(NodePath path, Node node) {
        names.add(path.toString());
        current = new ByteArrayOutputStream();
        return current;
    }

    @Override
    public void closeFile(NodePath path, Node node) {
        files.put(path.toString(), current.toByteArray());
    }

    @Override
    public void other(NodePath path, Node node) {
        names.add(path.toString());
    }
}
