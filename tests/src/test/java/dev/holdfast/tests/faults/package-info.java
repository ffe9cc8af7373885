/**
 * The fault kit: a proxy between a service and its stand-ins, a worker whose handler misbehaves as told, a recorder of
 * all answers, a checker of the invariants, and the tests that break one thing each.
 */
@NullMarked
package dev.holdfast.tests.faults;

import org.jspecify.annotations.NullMarked;
