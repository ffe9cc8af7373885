package dev.holdfast.restic;

import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Sources made up from nothing. */
final class MemorySource {
    static final Instant MODIFIED = Instant.parse("2020-02-03T04:05:06.789Z");

    private MemorySource() {}

    static SourceFile file(String name, byte[] content) {
        return file(name, content, MODIFIED);
    }

    static SourceFile file(String name, byte[] content, Instant modified) {
        var attributes = Attributes.of(0644, modified);
        return new SourceFile(ByteString.of(name), attributes, content.length, () -> new ByteArrayInputStream(content));
    }

    static SourceDirectory directory(String name, SourceEntry... entries) {
        return directory(name, List.of(entries));
    }

    static SourceDirectory directory(String name, List<SourceEntry> entries) {
        return new SourceDirectory(ByteString.of(name), Attributes.of(0755, MODIFIED), entries::iterator);
    }

    /** About 12 MB in large and small files; the same seed gives the same bytes. */
    static SourceDirectory mixed(long seed) {
        var random = new Random(seed);
        var small = new ArrayList<SourceEntry>();
        for (int i = 0; i < 60; i++) small.add(file("small-" + i, SampleFolder.bytes(random, random.nextInt(20_000))));
        var root = new ArrayList<SourceEntry>();
        for (int i = 0; i < 3; i++) root.add(file("large-" + i, SampleFolder.bytes(random, 3_800_000)));
        root.add(directory("many", small));
        return directory("root", root);
    }

    static BackupRequest request(Repository repository, SourceDirectory root) {
        return BackupRequest.of(root, List.of("/made/up"), repository);
    }

    static BackupResult backup(Repository repository, SourceEntry... entries) {
        var root = directory("root", entries);
        return BackupWriter.backup(repository, request(repository, root), Progress.silent());
    }
}
