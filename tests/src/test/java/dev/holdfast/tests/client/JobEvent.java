package dev.holdfast.tests.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An event of a job's stream.
 *
 * @param id where to go on; that of the event before for those that have none
 * @param name {@code state} or {@code progress}
 */
public record JobEvent(String id, String name, JsonNode data) {}
