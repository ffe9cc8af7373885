/** JSON Schema: made from records, published, and checked against. */
@NullMarked
package dev.holdfast.ingest.schema;

import org.jspecify.annotations.NullMarked;
