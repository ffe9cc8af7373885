/** Reads PostgreSQL databases, each as it is at one moment, as files that {@code psql} restores. */
@NullMarked
package dev.holdfast.worker.postgres;

import org.jspecify.annotations.NullMarked;
