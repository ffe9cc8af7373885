package dev.holdfast.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The two classes of contestants, which are never compared with each other. */
enum Race {
    /** At least once, no state: messages of 1 KB are received and deleted. */
    @JsonProperty("bare")
    BARE,
    /** State, fence, result: stored jobs are claimed, ended and deleted. */
    @JsonProperty("job")
    JOB
}
