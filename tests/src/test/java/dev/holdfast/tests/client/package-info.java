/** A client of the HTTP API as a Java team would write it, from {@code docs/http-api.md} alone. */
@NullMarked
package dev.holdfast.tests.client;

import org.jspecify.annotations.NullMarked;
