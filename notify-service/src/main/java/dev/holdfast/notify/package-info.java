/** The voice: events in, mail out. */
@NullMarked
package dev.holdfast.notify;

import org.jspecify.annotations.NullMarked;
