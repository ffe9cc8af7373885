/** The whole system, seen from outside. */
@NullMarked
package dev.holdfast.tests;

import org.jspecify.annotations.NullMarked;
