package dev.holdfast.restic;

import dev.holdfast.restic.format.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which paths of a snapshot are wanted: whatever a pattern matches, with all that lies under it. In a pattern {@code *}
 * and {@code ?} stand for anything inside one name, {@code **} for any number of names, {@code \} takes the next
 * character as it is. One that starts with a slash counts from the root, any other one from anywhere.
 */
public final class Selection {
    private static final Selection ALL = new Selection(List.of());

    private final List<List<Element>> patterns;

    private sealed interface Element {
        boolean matches(ByteString name);
    }

    private record Name(ByteString exact) implements Element {
        @Override
        public boolean matches(ByteString name) {
            return exact.equals(name);
        }
    }

    private record Wildcard(Pattern pattern) implements Element {
        @Override
        public boolean matches(ByteString name) {
            return pattern.matcher(new String(name.toByteArray(), StandardCharsets.ISO_8859_1))
                    .matches();
        }
    }

    private record AnyNames() implements Element {
        @Override
        public boolean matches(ByteString name) {
            return true;
        }
    }

    private Selection(List<List<Element>> patterns) {
        this.patterns = patterns;
    }

    public static Selection all() {
        return ALL;
    }

    /** Exactly this path, and what is under it. */
    public static Selection path(NodePath path) {
        return paths(List.of(path));
    }

    /** Exactly these paths, at least one, and what is under them. */
    public static Selection paths(List<NodePath> paths) {
        if (paths.isEmpty()) throw new IllegalArgumentException("no paths would select everything");
        return new Selection(paths.stream().map(Selection::names).toList());
    }

    private static List<Element> names(NodePath path) {
        return path.elements().stream().<Element>map(Name::new).toList();
    }

    public static Selection globs(List<String> globs) {
        return new Selection(globs.stream().map(Selection::parse).toList());
    }

    private static List<Element> parse(String glob) {
        var elements = new ArrayList<Element>();
        if (!glob.startsWith("/")) elements.add(new AnyNames());
        for (var part : glob.split("/", -1)) {
            if (part.equals("**")) elements.add(new AnyNames());
            else if (!part.isEmpty()) elements.add(new Wildcard(Pattern.compile(regex(part), Pattern.DOTALL)));
        }
        return elements;
    }

    /** Names are matched byte by byte, as ISO 8859-1, so that every name can be matched. */
    private static String regex(String glob) {
        var regex = new StringBuilder();
        var bytes = new String(glob.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '\\' -> {
                    if (++i < bytes.length()) regex.append(Pattern.quote(String.valueOf(bytes.charAt(i))));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    /** Whether this path is wanted. */
    public boolean includes(NodePath path) {
        if (patterns.isEmpty()) return true;
        return patterns.stream().anyMatch(pattern -> covers(pattern, 0, path.elements(), 0));
    }

    /** Whether something under this path may be wanted. */
    public boolean mayIncludeInside(NodePath path) {
        if (patterns.isEmpty()) return true;
        return patterns.stream().anyMatch(pattern -> leadsTo(pattern, path.elements()));
    }

    private static boolean covers(List<Element> pattern, int p, List<ByteString> names, int n) {
        if (p == pattern.size()) return true; // the rest of the names is inside what matched
        if (pattern.get(p) instanceof AnyNames) {
            for (int skip = n; skip <= names.size(); skip++) if (covers(pattern, p + 1, names, skip)) return true;
            return false;
        }
        return n < names.size() && pattern.get(p).matches(names.get(n)) && covers(pattern, p + 1, names, n + 1);
    }

    private static boolean leadsTo(List<Element> pattern, List<ByteString> names) {
        for (int i = 0; i < Math.min(pattern.size(), names.size()); i++) {
            if (pattern.get(i) instanceof AnyNames) return true;
            if (!pattern.get(i).matches(names.get(i))) return false;
        }
        return true;
    }
}
