/** The table {@code catalog}: uploads, and who does which chore. Repositories have a library of their own. */
@NullMarked
package dev.holdfast.catalog;

import org.jspecify.annotations.NullMarked;
