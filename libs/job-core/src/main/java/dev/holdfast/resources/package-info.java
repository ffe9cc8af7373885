/** The names of Holdfast's AWS resources, and how they come to be. */
@NullMarked
package dev.holdfast.resources;

import org.jspecify.annotations.NullMarked;
