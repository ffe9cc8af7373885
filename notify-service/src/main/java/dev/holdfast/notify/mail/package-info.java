/** What mails say, and how they leave. */
@NullMarked
package dev.holdfast.notify.mail;

import org.jspecify.annotations.NullMarked;
