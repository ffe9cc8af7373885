/** The endpoints of tenants that hear how jobs end. */
@NullMarked
package dev.holdfast.webhook;

import org.jspecify.annotations.NullMarked;
