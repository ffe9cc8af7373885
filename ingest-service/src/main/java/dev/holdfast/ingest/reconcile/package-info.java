/** Jobs that have no message: those whose send was lost, and those that start far ahead. */
@NullMarked
package dev.holdfast.ingest.reconcile;

import org.jspecify.annotations.NullMarked;
