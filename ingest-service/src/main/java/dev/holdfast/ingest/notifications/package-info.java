/** What was mailed, how a tenant wishes to be mailed, and the links by which readers are spared. */
@NullMarked
package dev.holdfast.ingest.notifications;

import org.jspecify.annotations.NullMarked;
