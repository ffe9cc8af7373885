/**
 * A restic repository, version 2: make one, back up into it, restore, check, and keep it small. Start with
 * {@link dev.holdfast.restic.Repository}.
 */
@NullMarked
package dev.holdfast.restic;

import org.jspecify.annotations.NullMarked;
