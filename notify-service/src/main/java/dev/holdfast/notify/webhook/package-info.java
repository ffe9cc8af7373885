/** Calls webhooks when jobs have ended. */
@NullMarked
package dev.holdfast.notify.webhook;

import org.jspecify.annotations.NullMarked;
