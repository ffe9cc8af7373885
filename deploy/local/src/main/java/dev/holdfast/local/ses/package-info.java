/** A stand-in for Amazon SES v2: takes mails, shows them in a mailbox, and fails when told to. */
@NullMarked
package dev.holdfast.local.ses;

import org.jspecify.annotations.NullMarked;
