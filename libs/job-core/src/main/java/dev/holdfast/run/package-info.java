/** The way of a job through a worker: message, claim, handler, end, event. */
@NullMarked
package dev.holdfast.run;

import org.jspecify.annotations.NullMarked;
