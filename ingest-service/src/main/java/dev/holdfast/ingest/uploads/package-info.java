/** Places for files that clients put to the bucket themselves. */
@NullMarked
package dev.holdfast.ingest.uploads;

import org.jspecify.annotations.NullMarked;
