/** The hands: takes jobs from the lanes and works them off. */
@NullMarked
package dev.holdfast.worker;

import org.jspecify.annotations.NullMarked;
