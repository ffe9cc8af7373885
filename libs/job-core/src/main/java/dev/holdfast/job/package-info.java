/** What a job is: its payloads, states, outcomes and names. Knows neither AWS nor Quarkus. */
@NullMarked
package dev.holdfast.job;

import org.jspecify.annotations.NullMarked;
