package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.List;

/** Writes docs/benchmarks.md. */
record Report(List<Result> results, Path home) {
    void write(Path file) {}
}
