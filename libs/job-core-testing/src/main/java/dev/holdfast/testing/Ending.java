package dev.holdfast.testing;

import dev.holdfast.job.Job;
import java.util.List;

/** How a job stood once it had ended, and what it had left behind by then. */
record Ending(Job job, List<String> effects) {
    Ending {
        effects = List.copyOf(effects);
    }
}
