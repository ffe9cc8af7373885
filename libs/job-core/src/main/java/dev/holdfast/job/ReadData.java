package dev.holdfast.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How much of the stored data a check reads. What is read, is verified byte for byte. */
public enum ReadData {
    /** None: index, packs and directories must fit together, by name and size. */
    @JsonProperty("none")
    NONE,
    /** None: of each pack the store is asked for the SHA-256 that it keeps, which must be the pack's name. */
    @JsonProperty("checksums")
    CHECKSUMS,
    /** One thirtieth of the packs, another one each day. */
    @JsonProperty("sample")
    SAMPLE,
    /** All of it. */
    @JsonProperty("all")
    ALL
}
