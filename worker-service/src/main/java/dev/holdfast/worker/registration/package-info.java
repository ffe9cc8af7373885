/** Registers users. */
@NullMarked
package dev.holdfast.worker.registration;

import org.jspecify.annotations.NullMarked;
