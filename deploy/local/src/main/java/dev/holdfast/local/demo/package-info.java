/** The demo: uses the system by HTTP as a user would, and checks every step. */
@NullMarked
package dev.holdfast.local.demo;

import org.jspecify.annotations.NullMarked;
