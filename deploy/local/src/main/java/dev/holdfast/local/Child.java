package dev.holdfast.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A stand-in or a service that runs as a process of its own, under one name and address over all its restarts. Safe for
 * use by several threads.
 */
public final class Child {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration READY = Duration.ofSeconds(60);

    private final URI url;
    private final List<URI> health;
    private final IntPredicate healthy;
    private ChildCommand command;
    private ChildProcess process;
    private boolean wanted = true;

    /** Starts the process. */
    Child(ChildCommand command, URI url, List<URI> health, IntPredicate healthy) {
        this.command = command;
        this.url = url;
        this.health = List.copyOf(health);
        this.healthy = healthy;
        this.process = command.start();
    }

    /**
     * Starts a JVM of the caller's own, which ends with this one as the services do. It has no health check.
     *
     * @param arguments JVM options, class path and main class
     * @param environment added to what a service gets: nothing of AWS is inherited
     */
    public static Child jvm(
            String name, Path log, Checkout checkout, List<String> arguments, Map<String, String> environment) {
        ChildCommand command = ChildCommand.java(name, log, checkout, arguments, environment);
        return new Child(command, URI.create("process:" + name), List.of(), status -> true);
    }

    /** {@code ingest}, {@code worker-1}, {@code notify}, {@code local-cloud}, {@code dynamodb} … */
    public synchronized String name() {
        return command.name();
    }

    /** Where it answers HTTP. */
    public URI url() {
        return url;
    }

    /** The addresses of which one must answer for the child to be ready. */
    public List<URI> health() {
        return health;
    }

    /** The process id; another one after each restart. */
    public long pid() {
        return process().pid();
    }

    /** The process itself, as the JDK shows it. */
    public ProcessHandle handle() {
        return process().handle();
    }

    /** Where its output goes; kept over restarts. */
    public synchronized Path log() {
        return command.log();
    }

    /** The last lines of its output. */
    public List<String> logTail(int lines) {
        return process().logTail(lines);
    }

    public boolean isAlive() {
        return process().isAlive();
    }

    /** Whether it answers its health check right now; gives up after two seconds. */
    public boolean isReady() {
        return isAlive() && Readiness.answers(health, healthy);
    }

    /** Sends a signal. A child that dies by it is started again if it is supervised. */
    public void send(ProcessSignal signal) {
        process().send(signal);
    }

    /** Waits for the end of the process. Returns false if it still runs after that time. */
    public boolean awaitExit(Duration atMost) {
        return process().awaitExit(atMost);
    }

    /**
     * Waits until the health check is passed.
     *
     * @throws StartFailure if the process ends first or the time is over
     */
    public void awaitReady(Duration atMost) {
        Readiness.await(process(), health, healthy, atMost);
    }

    /** Ends the process by SIGTERM, after the grace by SIGKILL, and leaves it ended. */
    public void stop(Duration grace) {
        synchronized (this) {
            wanted = false;
        }
        ChildProcess ending = process();
        ending.send(ProcessSignal.CONT);
        ending.send(ProcessSignal.TERM);
        if (!ending.awaitExit(grace)) {
            ending.kill();
        }
    }

    /** Ends the process at once by SIGKILL and leaves it ended. */
    public void kill() {
        synchronized (this) {
            wanted = false;
        }
        process().kill();
    }

    /** Stops it if it still runs (10 s of grace), starts it again and waits until it is ready. */
    public void restart() {
        restart(Map.of());
    }

    /** The same with more environment variables, which stay for later restarts. */
    public void restart(Map<String, String> environment) {
        stop(GRACE);
        synchronized (this) {
            command = command.with(environment);
            process = command.start();
            wanted = true;
        }
        awaitReady(READY);
    }

    /** Starts it again if it has died though nobody stopped it. Returns whether it did. */
    synchronized boolean revive() {
        if (!wanted || process.isAlive()) {
            return false;
        }
        process = command.start();
        return true;
    }

    synchronized boolean isMissing() {
        return wanted && !process.isAlive();
    }

    private synchronized ChildProcess process() {
        return process;
    }
}
