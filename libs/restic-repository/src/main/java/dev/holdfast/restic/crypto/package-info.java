/** The one encryption of the format (section 2) and the key derivation (section 4). Knows nothing of objects. */
@NullMarked
package dev.holdfast.restic.crypto;

import org.jspecify.annotations.NullMarked;
