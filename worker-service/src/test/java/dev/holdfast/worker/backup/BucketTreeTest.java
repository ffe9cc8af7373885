package dev.holdfast.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Json;
import dev.holdfast.restic.Checker;
import dev.holdfast.restic.Environment;
import dev.holdfast.restic.NewRepository;
import dev.holdfast.restic.PartWriter;
import dev.holdfast.restic.Progress;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.WriterOptions;
import dev.holdfast.restic.chunk.Polynomial;
import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.KeyFile;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** However the keys of a bucket are shared out, the tree that comes of it is the same. */
class BucketTreeTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final WriterOptions OPTIONS = new WriterOptions(4 << 20, 1, 1, 8 << 20, true);

    private final Repository repository = repository();

    private static Repository repository() {
        var environment = Environment.ofThisProcess();
        var wanted = new NewRepository(
                "password",
                KeySet.random(environment.random()),
                Polynomial.parse("3da3358b4dc173"),
                new KeyFile.Cost(16, 8, 1));
        return Repository.init(new MemoryStorage(), wanted, environment);
    }

    @Test
    void anyCutGivesTheSameTree() throws IOException {
        var random = new Random(7);
        for (var round = 0; round < 8; round++) {
            var keys = keys(random, 60);
            var whole = tree(keys, List.of());
            var cuts = new TreeSet<String>(KeyRange::compare);
            for (var cut = 0; cut < 4; cut++)
                cuts.add(keys.stream()
                        .skip(random.nextInt(keys.size()))
                        .findFirst()
                        .orElseThrow());
            cuts.add("a/b"); // between keys, as when one was deleted after the plan

            assertThat(tree(keys, List.copyOf(cuts)))
                    .as("%s cut at %s", keys, cuts)
                    .isEqualTo(whole);
        }
        var report = Checker.check(repository, new Checker.ReadData.Everything(), 1, Progress.silent(), () -> {});
        assertThat(report.errors()).isEmpty();
    }

    @Test
    void fileBesideAFolderOfItsNameIsKept() throws IOException {
        var keys = new TreeSet<String>(KeyRange::compare);
        keys.addAll(List.of("a", "a-b", "a/", "a/x"));

        assertThat(tree(keys, List.of("a-b"))).isEqualTo(tree(keys, List.of()));
    }

    private static NavigableSet<String> keys(Random random, int count) {
        var parts = List.of("a", "a-b", "a.b", "b", "", "..", "ä", "\uFFFD", "😀", "a b", "%f");
        var keys = new TreeSet<String>(KeyRange::compare);
        while (keys.size() < count) {
            var key = new ArrayList<String>();
            for (var depth = random.nextInt(4); depth >= 0; depth--) key.add(parts.get(random.nextInt(parts.size())));
            var joined = String.join("/", key);
            if (!joined.isEmpty()) keys.add(joined);
        }
        return keys;
    }

    /** Stores the keys in parts, each with a writer of its own; the parts end with the keys of {@code cuts}. */
    private Id tree(NavigableSet<String> keys, List<String> cuts) throws IOException {
        var parts = new ArrayList<Manifest>();
        var after = "";
        for (var cut : cuts) {
            parts.add(part(keys, new KeyRange(after, Optional.of(cut))));
            after = cut;
        }
        parts.add(part(keys, new KeyRange(after, Optional.empty())));
        var left = new TreeMap<String, Folder>();
        for (var part : parts) {
            var read = Json.read(Json.write(part), Manifest.class);
            for (var folder : read.left()) folder.addTo(left.computeIfAbsent(folder.prefix(), Folder::new));
        }
        try (var writer = PartWriter.open(repository, Optional.empty(), OPTIONS)) {
            var root = BucketEnd.store(writer, List.copyOf(left.values())).tree();
            writer.finish().indexes().forEach(repository::store);
            return root;
        }
    }

    private Manifest part(NavigableSet<String> keys, KeyRange range) throws IOException {
        try (var writer = PartWriter.open(repository, Optional.empty(), OPTIONS)) {
            var tree = new BucketTree(writer, range.after());
            for (var key : keys) {
                if (KeyRange.compare(key, range.after()) <= 0 || range.endsBefore(key)) continue;
                if (key.endsWith("/")) tree.addFolder(new Listed(key, 0, "etag", NOW));
                else tree.addFile(key, file(writer, key));
            }
            var left = tree.finish(range.last());
            var packs = writer.finish();
            packs.indexes().forEach(repository::store);
            return new Manifest(
                    Optional.empty(),
                    tree.tally(),
                    List.of(),
                    left.stream().map(Manifest.Unfinished::of).toList(),
                    Optional.empty(),
                    packs.indexes().stream().map(Manifest.Index::of).toList());
        }
    }

    private static Node file(PartWriter writer, String key) throws IOException {
        var stored = writer.store(new ByteArrayInputStream(key.getBytes(StandardCharsets.UTF_8)), _ -> {});
        return new Node(
                KeyNames.path(key).getLast(),
                new Node.File(stored.sizeBytes(), stored.blobs()),
                Attributes.of(0644, NOW));
    }
}
