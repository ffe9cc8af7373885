/** Dead letters: messages that no worker or notifier could handle; collected, shown, and sent again. */
@NullMarked
package dev.holdfast.ingest.deadletters;

import org.jspecify.annotations.NullMarked;
