/** What failures of AWS calls mean, and what the calls cost. */
@NullMarked
package dev.holdfast.aws;

import org.jspecify.annotations.NullMarked;
