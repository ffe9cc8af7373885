/** How much a tenant may ask for: requests, open jobs, bytes. */
@NullMarked
package dev.holdfast.ingest.quotas;

import org.jspecify.annotations.NullMarked;
