/** A simulation of how Kubernetes and KEDA scale the workers. */
@NullMarked
package dev.holdfast.tests.scaling;

import org.jspecify.annotations.NullMarked;
