/**
 * For tests: runs a job handler under faults and says whether its effects stayed single; and the rules of the house.
 */
@NullMarked
package dev.holdfast.testing;

import org.jspecify.annotations.NullMarked;
