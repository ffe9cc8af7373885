/** Judges what {@code deploy/} holds, without a cluster and without an account. */
@NullMarked
package dev.holdfast.deploy;

import org.jspecify.annotations.NullMarked;
