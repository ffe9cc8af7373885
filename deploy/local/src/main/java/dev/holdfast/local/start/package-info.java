/** How fast services start: what prepares them, and what measures it. */
@NullMarked
package dev.holdfast.local.start;

import org.jspecify.annotations.NullMarked;
