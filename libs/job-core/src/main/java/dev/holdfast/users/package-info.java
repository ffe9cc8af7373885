/** Registered users. */
@NullMarked
package dev.holdfast.users;

import org.jspecify.annotations.NullMarked;
