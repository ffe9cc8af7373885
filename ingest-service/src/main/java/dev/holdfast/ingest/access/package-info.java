/** Who may: API keys, scopes, and the caller of a request. */
@NullMarked
package dev.holdfast.ingest.access;

import org.jspecify.annotations.NullMarked;
