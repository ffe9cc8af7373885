/** The contestants that are written in Java, one main class each, and how they are told what to do. */
@NullMarked
package dev.holdfast.bench.contestant;

import org.jspecify.annotations.NullMarked;
