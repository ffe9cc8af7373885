/** Content-defined chunking (section 12): the same cuts as restic's, so that both deduplicate against each other. */
@NullMarked
package dev.holdfast.restic.chunk;

import org.jspecify.annotations.NullMarked;
