package dev.holdfast.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is measured. Results of different races are never compared with each other. */
enum Race {
    /** At least once, no state: messages of 1 KB are received and deleted. */
    @JsonProperty("bare")
    BARE,
    /** State, fence, result: stored jobs are claimed, ended and deleted. */
    @JsonProperty("job")
    JOB,
    /** Not a race: requests and units from acceptance to deletion. */
    @JsonProperty("price")
    PRICE,
    /** Not a race either: what the HTTP door accepts. */
    @JsonProperty("http")
    HTTP
}
