/** What runs inside the local-cloud JVM: SQS, S3 and the way to their data. */
@NullMarked
package dev.holdfast.local.cloud;

import org.jspecify.annotations.NullMarked;
