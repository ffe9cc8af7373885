/** Every figure that Holdfast's services report. */
@NullMarked
package dev.holdfast.metrics;

import org.jspecify.annotations.NullMarked;
