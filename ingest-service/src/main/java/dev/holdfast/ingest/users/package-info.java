/** Registered users and the confirmation of their addresses. */
@NullMarked
package dev.holdfast.ingest.users;

import org.jspecify.annotations.NullMarked;
