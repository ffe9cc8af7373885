package dev.holdfast.testing;

/** What happens to a job in a trial. */
public sealed interface Scenario {

    /** Its message comes twice, the second time when the job has ended. */
    record DuplicateAfterwards() implements Scenario {
        @Override
        public String toString() {
            return "duplicate, one after the other";
        }
    }

    /** Its message comes to two workers at the same moment. */
    record DuplicateAtOnce() implements Scenario {
        @Override
        public String toString() {
            return "duplicate, at the same moment";
        }
    }

    /**
     * A fault strikes one of its handler's AWS calls.
     *
     * @param step which call, from 1
     * @param steps how many calls it makes undisturbed
     * @param call what the call was when undisturbed, such as {@code S3.PutObject}
     */
    record AtStep(Fault fault, int step, int steps, String call) implements Scenario {
        @Override
        public String toString() {
            return "%s step %d of %d (%s)".formatted(fault.words(), step, steps, call);
        }
    }
}
