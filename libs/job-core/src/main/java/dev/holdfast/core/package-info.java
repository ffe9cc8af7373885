/** What every service is made of. */
@NullMarked
package dev.holdfast.core;

import org.jspecify.annotations.NullMarked;
