/** What ingest and notify agree on about mails: their kinds, a tenant's wishes, who is not to be mailed, links. */
@NullMarked
package dev.holdfast.mail;

import org.jspecify.annotations.NullMarked;
