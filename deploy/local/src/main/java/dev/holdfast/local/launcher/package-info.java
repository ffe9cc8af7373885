/** The launcher behind {@code ./holdfast}: up, demo, status, down, logs. */
@NullMarked
package dev.holdfast.local.launcher;

import org.jspecify.annotations.NullMarked;
