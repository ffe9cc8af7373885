/** What the services tell of their traces, taken in and shown. */
@NullMarked
package dev.holdfast.tests.tracing;

import org.jspecify.annotations.NullMarked;
