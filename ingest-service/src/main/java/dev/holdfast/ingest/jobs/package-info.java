/** Taking jobs in, and showing how they stand. */
@NullMarked
package dev.holdfast.ingest.jobs;

import org.jspecify.annotations.NullMarked;
