package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import java.util.ArrayList;
import java.util.List;

/** Where a node is in a snapshot; the root is empty. Every element is a file name. */
public record NodePath(List<ByteString> elements) {
    public static final NodePath ROOT = new NodePath(List.of());

    public NodePath {
        elements = List.copyOf(elements);
        for (var element : elements) {
            if (!element.isFileName()) throw new IllegalArgumentException("not a file name: " + element);
        }
    }

    /** Cuts a text at its slashes; empty elements do not count. */
    public static NodePath of(String path) {
        var elements = new ArrayList<ByteString>();
        for (var element : path.split("/", -1)) if (!element.isEmpty()) elements.add(ByteString.of(element));
        return new NodePath(elements);
    }

    public NodePath child(ByteString name) {
        var longer = new ArrayList<>(elements);
        longer.add(name);
        return new NodePath(longer);
    }

    /** For people: {@code /a/b}, with odd names quoted. */
    @Override
    public String toString() {
        if (elements.isEmpty()) return "/";
        var text = new StringBuilder();
        for (var element : elements) text.append('/').append(element);
        return text.toString();
    }
}
