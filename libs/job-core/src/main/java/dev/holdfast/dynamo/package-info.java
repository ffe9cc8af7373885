/** The thin layer between records and DynamoDB items. */
@NullMarked
package dev.holdfast.dynamo;

import org.jspecify.annotations.NullMarked;
