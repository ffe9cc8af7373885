package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of folders of the worker, below the one root that the house allows. */
class PathSourceIT {

    private final House house = House.shared();
    private final String repository = "p" + UUID.randomUUID().toString().substring(0, 8);
    private Path folder = Path.of("");
    private Restic restic = new Restic("", "");

    @BeforeEach
    void makeFolder() throws IOException {
        var made = house.api
                .post("/v1/repositories", "{\"name\": \"" + repository + "\"}")
                .body();
        restic = new Restic(
                made.path("resticUrl").asText(), made.path("recoveryPassword").asText());
        folder = Files.createDirectory(house.sources().resolve(repository));
        Files.createDirectories(folder.resolve("sub/deep"));
        Files.createDirectory(folder.resolve("empty"));
        Files.write(folder.resolve("large.bin"), bytes(1, 2_000_000));
        Files.writeString(folder.resolve("sub/a.txt"), "first");
        Files.writeString(folder.resolve("sub/deep/b.log"), "log");
        Files.writeString(folder.resolve("none"), "");
        Files.createSymbolicLink(folder.resolve("sub/up"), Path.of("../large.bin"));
        Files.createSymbolicLink(folder.resolve("outside"), Path.of("/etc"));
        Files.setAttribute(folder.resolve("sub/a.txt"), "unix:mode", 0640);
    }

    @Test
    void folderIsStoredAndResticRestoresItEqual(@TempDir Path target) throws Exception {
        Restic.require();

        var first = result(backUp(folder, ""));
        var again = result(backUp(folder, ""));
        Files.writeString(folder.resolve("sub/a.txt"), "second");
        var changed = result(backUp(folder, ""));

        assertThat(first.path("filesNew").asInt()).isEqualTo(4);
        assertThat(first.path("bytesAdded").asInt()).isEqualTo(2_000_008);
        assertThat(first.path("skipped")).isEmpty();
        assertThat(again.path("filesUnmodified").asInt()).isEqualTo(4);
        assertThat(again.path("bytesStored").asInt()).isZero();
        assertThat(changed.path("filesChanged").asInt()).isEqualTo(1);
        assertThat(changed.path("filesUnmodified").asInt()).isEqualTo(3);
        assertThat(restic.run("check", "--read-data")).contains("no errors were found");
        restic.run("restore", "latest", "--target", target.toString());
        assertThat(listed(target.resolve(folder.toString().substring(1)))).isEqualTo(listed(folder));
        assertThat(restic.run("snapshots")).contains(folder.toString()).doesNotContain("partial");
    }

    @Test
    void excludedAndSpecialFilesAreLeftOutAndSaidSo() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();

        var result = result(backUp(folder, "\"exclude\": [\"**.log\", \"empty\"],"));

        assertThat(result.path("filesNew").asInt()).isEqualTo(3);
        assertThat(skipped(result))
                .containsExactlyInAnyOrder(
                        folder + "/sub/deep/b.log excluded", folder + "/empty excluded", folder + "/pipe a pipe");
    }

    @Test
    void fileThatCannotBeReadIsLeftOutAndTheSnapshotSaysSo() throws Exception {
        Files.setAttribute(folder.resolve("sub/a.txt"), "unix:mode", 0);
        if (Files.isReadable(folder.resolve("sub/a.txt"))) {
            System.out.println("NOT VERIFIED: unreadable files, for root reads everything");
            return;
        }

        var result = result(backUp(folder, ""));

        assertThat(skipped(result)).containsExactly(folder + "/sub/a.txt access denied");
        assertThat(backUp(folder, "\"onUnreadable\": \"fail\",")
                        .at("/error/code")
                        .asText())
                .isEqualTo("source-unreadable");
        assertThat(house.api
                        .get("/v1/repositories/" + repository + "/snapshots")
                        .body()
                        .at("/items/0/tags")
                        .toString())
                .contains("partial");
    }

    @Test
    void nothingOutsideOfTheRootsIsStored() {
        assertThat(code(folder.resolve("../.."))).isEqualTo("path-not-allowed");
        assertThat(code(Path.of("/etc"))).isEqualTo("path-not-allowed");
        assertThat(code(house.sources().resolveSibling(house.sources().getFileName() + "-other")))
                .isEqualTo("path-not-allowed");
        assertThat(code(folder.resolve("outside"))).isEqualTo("path-not-allowed");
        assertThat(code(folder.resolve("outside/ssl"))).isEqualTo("path-not-allowed");
        assertThat(code(folder.resolve("large.bin"))).isEqualTo("path-not-allowed");
        assertThat(code(folder.resolve("nowhere"))).isEqualTo("path-not-found");
        var relative = house.api.post("/v1/jobs", job(Path.of("etc"), ""));
        assertThat(relative.status()).isEqualTo(422);
        assertThat(relative.pointers()).containsExactly("/payload/source/path");
    }

    private String code(Path path) {
        return backUp(path, "").at("/error/code").asText();
    }

    private JsonNode backUp(Path path, String more) {
        return house.api.run(job(path, more));
    }

    private String job(Path path, String more) {
        return """
                {"type": "backup",
                 "payload": {"repository": "%s", %s "source": {"kind": "path", "path": "%s"}}}""".formatted(repository, more, path);
    }

    private static JsonNode result(JsonNode job) {
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        return job.path("result");
    }

    private static java.util.List<String> skipped(JsonNode result) {
        return result.path("skipped")
                .valueStream()
                .map(one -> one.path("path").asText() + " " + one.path("reason").asText())
                .toList();
    }

    private static byte[] bytes(long seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Everything in a folder: kind, mode, time and content by path. */
    private static Map<String, String> listed(Path folder) throws IOException {
        var listed = new TreeMap<String, String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.toList()) {
                var unix = Files.readAttributes(file, "unix:mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
                var content = Files.isSymbolicLink(file)
                        ? Files.readSymbolicLink(file).toString()
                        : Files.isDirectory(file) ? "" : Integer.toString(Arrays.hashCode(Files.readAllBytes(file)));
                listed.put(folder.relativize(file).toString(), unix + " " + content);
            }
        }
        return listed;
    }
}
