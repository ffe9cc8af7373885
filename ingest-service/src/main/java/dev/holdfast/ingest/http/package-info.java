/** What all answers share: problems, limits, traces. */
@NullMarked
package dev.holdfast.ingest.http;

import org.jspecify.annotations.NullMarked;
