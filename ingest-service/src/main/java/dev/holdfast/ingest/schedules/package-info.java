/** Schedules: jobs that are asked for again and again, by the calendar or at a fixed rate. */
@NullMarked
package dev.holdfast.ingest.schedules;

import org.jspecify.annotations.NullMarked;
