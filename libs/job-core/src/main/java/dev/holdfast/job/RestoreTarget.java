package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Where restored data goes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes(@JsonSubTypes.Type(name = "download", value = RestoreTarget.Download.class))
public sealed interface RestoreTarget {

    /** A presigned URL in the job's result, good for 24 hours. */
    record Download() implements RestoreTarget {}
}
