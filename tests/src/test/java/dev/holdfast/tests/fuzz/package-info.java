/** Requests that are almost right, by the thousand, against a running service. */
@NullMarked
package dev.holdfast.tests.fuzz;

import org.jspecify.annotations.NullMarked;
