/** What an operator does: tenants, keys, and who did what. */
@NullMarked
package dev.holdfast.ingest.admin;

import org.jspecify.annotations.NullMarked;
