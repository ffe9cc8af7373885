/** The HTTP door. */
@NullMarked
package dev.holdfast.ingest;

import org.jspecify.annotations.NullMarked;
