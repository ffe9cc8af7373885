/**
 * Whom the services may call on behalf of a tenant: names are looked up once, judged, and called as they were judged.
 */
@NullMarked
package dev.holdfast.outbound;

import org.jspecify.annotations.NullMarked;
