/** The endpoints that hear how a tenant's jobs end. */
@NullMarked
package dev.holdfast.ingest.webhooks;

import org.jspecify.annotations.NullMarked;
