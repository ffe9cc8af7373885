package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a backup when a part of its source can never be read. */
public enum OnUnreadable {
    /** It is left out, with its reason; the snapshot is marked as partial. */
    @JsonProperty("skip")
    SKIP,
    /** The backup fails, and there is no snapshot. */
    @JsonProperty("fail")
    FAIL
}
