/** Restic repositories on S3 as a fleet shares them: their place, their keys, their locks, their catalogue. */
@NullMarked
package dev.holdfast.repositories;

import org.jspecify.annotations.NullMarked;
