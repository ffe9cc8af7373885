package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {
    @TempDir
    Path target;

    private Path jar;

    @BeforeEach
    void train() throws IOException {
        Files.createDirectories(target.resolve("quarkus-app/lib"));
        jar = Files.writeString(target.resolve("quarkus-app/lib/some.jar"), "one");
        AotCache cache = new AotCache(target);
        cache.prepare();
        Files.writeString(cache.file(), "what the service left");
        assertThat(cache.keep()).isEqualTo(21);
    }

    @Test
    void sameJarOfANewBuildFitsAndGetsItsTimeBack() throws IOException {
        FileTime trained = Files.getLastModifiedTime(jar);
        Files.writeString(jar, "one");
        assertThat(new AotCache(target).fits()).isTrue();
        assertThat(Files.getLastModifiedTime(jar)).isEqualTo(trained);
        assertThat(trained.toInstant()).isBefore(Instant.parse("2008-01-01T00:00:00Z"));
    }

    @Test
    void otherContentDoesNotFit() throws IOException {
        Files.writeString(jar, "two");
        assertThat(new AotCache(target).fits()).isFalse();
    }

    @Test
    void oneMoreJarDoesNotFit() throws IOException {
        Files.writeString(target.resolve("quarkus-app/more.jar"), "");
        assertThat(new AotCache(target).fits()).isFalse();
    }

    @Test
    void cacheOfATrainingThatWasCutShortDoesNotFit() throws IOException {
        new AotCache(target).prepare();
        Files.writeString(target.resolve("app.aot"), "half of it");
        assertThat(new AotCache(target).fits()).isFalse();
    }
}
