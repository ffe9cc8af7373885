/** Backs files up, and brings them back. */
@NullMarked
package dev.holdfast.worker.backup;

import org.jspecify.annotations.NullMarked;
