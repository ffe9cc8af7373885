/** What repositories hold. */
@NullMarked
package dev.holdfast.ingest.repositories;

import org.jspecify.annotations.NullMarked;
