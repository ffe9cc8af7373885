package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of 40 MiB of our own, which the kernel lets us mount in a namespace of our own, if at all. */
class FullDiskIT {
    @TempDir
    private Path folder;

    @Test
    void anIndexThatFindsTheDiskFullSaysSoAndStaysAsItWas() throws Exception {
        if (run("true") != 0) {
            System.out.println("NOT VERIFIED: an index on a full disk: no unshare, or no right to mount");
            abort("no unshare, or no right to mount");
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var output = folder.resolve("output");
        var status = run(java + " -Xmx64m -Djava.io.tmpdir=full -cp '" + System.getProperty("java.class.path") + "' "
                + FullDisk.class.getName() + " >output 2>&1");

        assertThat(output)
                .content()
                .contains("write the index of the repository to a temporary file of", "in full:", "No space left")
                .containsPattern("all of [0-9]{6} are found");
        assertThat(status).isZero();
    }

    private int run(String command) throws IOException, InterruptedException {
        var script = "mkdir -p full && mount -t tmpfs -o size=40m tmpfs full && " + command;
        try {
            var process = new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) System.out.println(said);
            return status;
        } catch (IOException absent) {
            return -1;
        }
    }
}
