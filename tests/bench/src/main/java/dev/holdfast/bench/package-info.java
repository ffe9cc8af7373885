/** The race: preloads queues, lets each contestant drain them in a process of its own, and writes down what it took. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
