/** One trace for all that is done for a job (OpenTelemetry). */
@NullMarked
package dev.holdfast.trace;

import org.jspecify.annotations.NullMarked;
