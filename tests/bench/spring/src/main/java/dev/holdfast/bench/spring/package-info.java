/** Spring Cloud AWS as a contestant. */
@NullMarked
package dev.holdfast.bench.spring;

import org.jspecify.annotations.NullMarked;
