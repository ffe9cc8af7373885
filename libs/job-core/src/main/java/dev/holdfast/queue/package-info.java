/** How messages travel over SQS: batched sending, consuming with a slot for each message, provisioning. */
@NullMarked
package dev.holdfast.queue;

import org.jspecify.annotations.NullMarked;
