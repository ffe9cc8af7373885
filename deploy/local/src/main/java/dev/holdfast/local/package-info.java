/**
 * The whole system on one machine: stand-ins for AWS and the services as child processes. The public types here need
 * nothing but the JDK, so that the whole-system tests can use them without the stand-ins on their class path.
 */
@NullMarked
package dev.holdfast.local;

import org.jspecify.annotations.NullMarked;
