package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a dummy in the place of each service; needs the agent jar that the package phase makes. */
class StackIT {
    private static final AwsEndpoints AWS = AwsEndpoints.at(URI.create("http://127.0.0.1:9"), Map.of());

    @TempDir
    Path folder;

    private StackOptions options;

    @BeforeEach
    void buildDummies() throws IOException {
        Path agent = Checkout.find().localJar();
        Path target = Files.createDirectories(folder.resolve("deploy/local/target"));
        Files.copy(agent, target.resolve(agent.getFileName()));
        for (String service : StackOptions.SERVICES) {
            writeJar(folder.resolve(service + "-service/target/quarkus-app/quarkus-run.jar"));
        }
        options = StackOptions.of(new Checkout(folder), AWS, folder.resolve("logs"));
    }

    @Test
    void allServicesStartAndEnd() {
        List<ProcessHandle> processes;
        try (Stack stack = Stack.start(options)) {
            assertThat(stack.services())
                    .extracting(Child::name)
                    .containsExactly("ingest", "worker-1", "worker-2", "notify");
            assertThat(stack.services()).allMatch(Child::isReady);
            assertThat(stack.service("ingest").url()).isEqualTo(stack.url());
            processes = stack.services().stream().map(Child::handle).toList();
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aServiceThatEndsAtStartIsNamedWithItsLog() {
        assertThatThrownBy(() -> Stack.start(options.with("DUMMY_BROKEN", "1")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("ingest ended with exit code 7")
                .hasMessageContaining("I am broken on purpose");
    }

    @Test
    void workersComeAndGo() throws Exception {
        try (Stack stack = Stack.start(options.withWorkers(0).without("notify"))) {
            Child worker = stack.addWorker();
            assertThat(stack.workers()).containsExactly(worker);
            worker.send(ProcessSignal.STOP);
            Eventually.holds(Duration.ofSeconds(5), "it stands still", () -> !worker.isReady());
            worker.send(ProcessSignal.CONT);
            worker.awaitReady(Duration.ofSeconds(5));
            long before = worker.pid();
            worker.restart();
            assertThat(worker.pid()).isNotEqualTo(before);
            stack.remove(worker);
            assertThat(worker.isAlive()).isFalse();
            assertThat(stack.workers()).isEmpty();
        }
    }

    @Test
    void aChildThatDiesIsStartedAgainWithinASecond() throws Exception {
        List<String> restarted = new CopyOnWriteArrayList<>();
        try (Stack stack = Stack.start(options.withWorkers(1).without("ingest", "notify"));
                Supervisor supervisor = Supervisor.watch(stack::services, child -> restarted.add(child.name()))) {
            assertThat(supervisor).isNotNull();
            Child worker = stack.service("worker-1");
            long before = worker.pid();
            worker.send(ProcessSignal.KILL);
            Eventually.holds(Duration.ofSeconds(1), "it is started again", () -> worker.pid() != before);
            worker.awaitReady(Duration.ofSeconds(10));
            assertThat(restarted).containsExactly("worker-1");
        }
    }

    @Test
    void whatWasStoppedOnPurposeStaysStopped() throws Exception {
        try (Stack stack = Stack.start(options.withWorkers(2).without("ingest", "notify"));
                Supervisor supervisor = Supervisor.watch(stack::services, child -> {})) {
            assertThat(supervisor).isNotNull();
            Child stopped = stack.service("worker-1");
            Child killed = stack.service("worker-2");
            stopped.stop(Duration.ofSeconds(5));
            killed.send(ProcessSignal.KILL);
            // The supervisor has looked at both when it has revived the other.
            Eventually.holds(Duration.ofSeconds(5), "the other is started again", killed::isAlive);
            assertThat(stopped.isAlive()).isFalse();
        }
    }

    private static void writeJar(Path jar) throws IOException {
        Files.createDirectories(Objects.requireNonNull(jar.getParent()));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, DummyService.class.getName());
        String path = DummyService.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest);
                InputStream code = Objects.requireNonNull(
                        DummyService.class.getClassLoader().getResourceAsStream(path))) {
            entries.putNextEntry(new JarEntry(path));
            code.transferTo(entries);
        }
    }
}
