/** Reads DynamoDB tables as files of the form in which DynamoDB itself exports and imports them. */
@NullMarked
package dev.holdfast.worker.tables;

import org.jspecify.annotations.NullMarked;
