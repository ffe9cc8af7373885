package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.SourceEntry.SourceDirectory;
import dev.holdfast.restic.SourceEntry.SourceFile;
import dev.holdfast.restic.SourceEntry.SourceOther;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.KeyFile;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.restic.storage.LocalStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write, judged by restic. */
class OursJudgedByResticIT {
    private static final List<String> PATHS = List.of("/source");

    @TempDir
    private static Path shared;

    private static Path source;

    @TempDir
    private Path folder;

    private Repository repository;
    private Restic restic;

    @BeforeAll
    static void makeSource() throws Exception {
        Restic.require();
        source = SampleFolder.create(shared.resolve("source"));
    }

    @BeforeEach
    void makeRepository() throws Exception {
        repository = TestRepository.init(new LocalStorage(folder.resolve("repository")), Restic.PASSWORD);
        restic = new Restic(folder.resolve("repository"));
    }

    private BackupResult backup() throws IOException {
        return CommandLine.backup(repository, source);
    }

    @Test
    void checkReadDataFindsNothing() throws Exception {
        backup();
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
    }

    @Test
    void snapshotsListsTheSnapshot() throws Exception {
        var id = backup().snapshot().id();
        assertThat(restic.run("snapshots")).contains(id.brief(), source.toString());
    }

    @Test
    void lsListsEveryEntry() throws Exception {
        backup();
        var listed = restic.run("ls", "latest");
        assertThat(listed.lines())
                .contains(
                        source + "/many/file-299",
                        source + "/deep/er/and/deeper/one",
                        source + "/empty",
                        source + "/😀");
    }

    @Test
    void restoreGivesTheIdenticalTree() throws Exception {
        backup();
        restic.run("restore", "latest", "--target", folder.resolve("out").toString());
        var restored = folder.resolve("out").resolve(source.toString().substring(1));
        assertThat(Restic.listing(restored)).isEqualTo(Restic.listing(source)).contains("many/file-299|f|644|");
    }

    @Test
    void dumpGivesTheContent() throws Exception {
        backup();
        var log = Files.readString(source.resolve("server.log"));
        assertThat(restic.run("dump", "latest", source + "/server.log")).isEqualTo(log);
    }

    @Test
    void findFindsAName() throws Exception {
        backup();
        assertThat(restic.run("find", "file-27?")).contains("many/file-271", "many/file-279");
    }

    @Test
    void forgetAndPruneLeaveARepositoryThatWeCanRead() throws Exception {
        // given
        backup();
        Files.writeString(source.resolve("changing"), "first");
        backup();
        Files.delete(source.resolve("changing"));
        // when
        restic.run("forget", "--keep-last", "1", "--prune", "--max-unused", "0");
        // then
        assertThat(repository.snapshots()).hasSize(1);
        assertThat(Checker.check(repository, new Checker.ReadData.Everything(), 2, Progress.silent())
                        .errors())
                .isEmpty();
        restic.run("check", "--read-data");
    }

    @Test
    void copyMovesSnapshotsToAnotherRepository() throws Exception {
        backup();
        var other = folder.resolve("other");
        new Restic(other).run("init");
        if (restic.attempt("copy", "--help").output().contains("--from-repo")) {
            new Restic(other)
                    .run("copy", "--from-repo", folder.resolve("repository").toString());
        } else {
            restic.run("copy", "--repo2", other.toString());
        }
        new Restic(other).run("check", "--read-data");
        assertThat(Repository.open(new LocalStorage(other), Restic.PASSWORD).snapshots())
                .hasSize(1);
    }

    @Test
    void aKeyThatResticAddsOpensHereAndOneOfOursOpensThere() throws Exception {
        // given
        var password = folder.resolve("password");
        Files.writeString(password, "second");
        // when
        restic.run("key", "add", "--new-password-file", password.toString());
        repository.addKey("third", new KeyFile.Cost(1024, 8, 1));
        // then
        var storage = new LocalStorage(folder.resolve("repository"));
        assertThat(Repository.open(storage, "second").masterKey()).isEqualTo(repository.masterKey());
        Files.writeString(password, "third");
        restic.run("--password-file", password.toString(), "snapshots");
        assertThat(repository.keys()).hasSize(3);
    }

    @Test
    void rewriteAcceptsTheTreesAsCanonical() throws Exception {
        Restic.requireCommand("rewrite");
        backup();
        restic.run("rewrite", "--forget", "--exclude", "file-7");
        restic.run("check", "--read-data");
        assertThat(repository.snapshots()).hasSize(1);
    }

    @Test
    void resticOnTopOfOursAddsNothing() throws Exception {
        backup();
        var summary = restic.run("backup", "--json", source.toString());
        // The root may differ, because the folder for temporary files changes all the time.
        assertThat(summary).contains("\"data_blobs\":0,").containsPattern("\"tree_blobs\":[01],");
    }

    @Test
    void resticFindsOurSnapshotAsParentAndReadsNothing() throws Exception {
        backup();
        var summary = restic.run(
                "backup", "--json", "--host", repository.environment().hostname(), source.toString());
        assertThat(summary).contains("\"files_new\":0,\"files_changed\":0,");
    }

    @Test
    void namesOfAnyBytesComeBack() throws Exception {
        // given
        var names = new TreeSet<ByteString>();
        for (int b = 1; b < 256; b++) if (b != '/') names.add(ByteString.of(new byte[] {'x', (byte) b}));
        names.add(ByteString.of(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}));
        names.add(ByteString.of("\u2028 \ue000 \ud83d\udc69\u200d\ud83d\ude80"));
        names.add(ByteString.of("n".repeat(255)));
        var entries = new ArrayList<SourceEntry>();
        for (var name : names) entries.add(file(name, name.toByteArray()));
        var raw = ByteString.of(new byte[] {(byte) 0xFF, 'a'});
        entries.add(
                new SourceOther(ByteString.of("zz-link"), Attributes.of(0777, Instant.EPOCH), new Node.Symlink(raw)));
        // when
        backup(entries);
        restic.run("restore", "latest", "--target", folder.resolve("out").toString());
        // then
        restic.run("check", "--read-data");
        var listed = Restic.shell(folder.resolve("out"), "find . -mindepth 1 -type f -printf '%P\\0'");
        var found = new TreeSet<ByteString>();
        for (var name : listed.split("\0", 0)) found.add(ByteString.of(name.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(found).isEqualTo(names);
        assertThat(Restic.shell(folder.resolve("out"), "readlink -n zz-link"))
                .isIn("\u00ffa", "\u00ef\u00bf\u00bda"); // restic before 0.17 knows no raw targets
    }

    @Test
    void devicesPipesAndAttributesAreListed() throws Exception {
        var attributes = Attributes.of(0600, Instant.parse("2020-01-01T00:00:00Z"))
                .withExtended(List.of(new ExtendedAttribute("user.s3.key", ByteString.of("täst"))));
        backup(List.of(
                new SourceOther(ByteString.of("a"), attributes, new Node.Device(true, 0x103)),
                new SourceOther(ByteString.of("b"), attributes, new Node.Device(false, 0x801)),
                new SourceOther(ByteString.of("c"), attributes, new Node.Fifo()),
                new SourceOther(ByteString.of("d"), attributes, new Node.Socket())));
        restic.run("check", "--read-data");
        assertThat(restic.run("ls", "-l", "latest")).contains("/a", "/b", "/c", "/d");
    }

    @Test
    void aSplitDirectoryIsValidForRestic() throws Exception {
        var entries = new ArrayList<SourceEntry>();
        for (int i = 0; i < 60_000; i++) {
            entries.add(file(ByteString.of("n%05d".formatted(i)), new byte[0]));
        }
        backup(entries);
        restic.run("check");
        assertThat(restic.run("find", "n59999")).contains("/n59999");
    }

    @Test
    void aDirectorySplitByItsSizeIsValidForRestic() throws Exception {
        // given
        Id tree;
        try (var writer = PartWriter.open(repository, Optional.empty(), WriterOptions.defaults())) {
            var piece = writer.store(new ByteArrayInputStream(new byte[] {7}), _ -> {});
            var content = Collections.nCopies(10_000, piece.blobs().getFirst());
            var flat = writer.tree();
            for (int i = 10; i < 37; i++) {
                var name = ByteString.of("n" + i);
                flat.add(new Node(name, new Node.File(10_000, content), Attributes.of(0644, Instant.EPOCH)));
            }
            tree = flat.finish();
            writer.finish().indexes().forEach(repository::store);
        }
        var empty = backup(List.of()).snapshot().snapshot();
        // when
        var snapshot = repository.store(repository.seal(withTree(empty, tree)));
        // then
        var sink = new MemorySink();
        Restorer.restore(repository, snapshot.id(), Selection.all(), sink, Progress.silent());
        assertThat(sink.files()).hasSize(27).containsKeys("/n10", "/n36");
        assertThat(sink.files().values()).allSatisfy(file -> assertThat(file).hasSize(10_000));
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        restic.run(
                "restore",
                snapshot.id().toHex(),
                "--target",
                folder.resolve("out").toString());
        assertThat(Restic.shell(folder.resolve("out"), "find . -type f -size 10000c | sort")
                        .lines())
                .hasSize(27)
                .startsWith("./~000000/n10")
                .endsWith("./~000001/n36");
    }

    private static Snapshot withTree(Snapshot snapshot, Id tree) {
        return new Snapshot(
                snapshot.time(),
                Optional.empty(),
                tree,
                snapshot.paths(),
                snapshot.hostname(),
                snapshot.username(),
                0,
                0,
                List.of(),
                List.of(BackupWriter.SPLIT_TAG),
                Optional.empty(),
                snapshot.programVersion(),
                Optional.empty());
    }

    private static SourceFile file(ByteString name, byte[] content) {
        var attributes = Attributes.of(0644, Instant.parse("2020-02-03T04:05:06.789Z"));
        return new SourceFile(name, attributes, content.length, () -> new ByteArrayInputStream(content));
    }

    private BackupResult backup(List<SourceEntry> entries) {
        var attributes = Attributes.of(0755, Instant.EPOCH);
        var root = new SourceDirectory(ByteString.of("root"), attributes, entries::iterator);
        return BackupWriter.backup(repository, BackupRequest.of(root, PATHS, repository), Progress.silent());
    }
}
