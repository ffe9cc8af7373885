package dev.holdfast.tests.faults;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What a proxy does to a call. */
sealed interface Fault {

    /** On which way of a call something happens. */
    enum Moment {
        /** The stand-in never sees the request. */
        BEFORE_FORWARDING,
        /** The stand-in has done what was asked; the answer is still on its way. */
        AFTER_FORWARDING
    }

    /** The request is held back for a while. */
    record Delay(Duration time) implements Fault {}

    /** The connection breaks, and the caller gets no answer. */
    record Cut(Moment moment) implements Fault {}

    /** The service refuses because it is asked too often; the request is not carried out. */
    record Throttle() implements Fault {}

    /** The service says that the caller may not do that; the request is not carried out. */
    record Denied() implements Fault {}

    /** The service answers by status 500; the request is not carried out. */
    record ServerError() implements Fault {}

    /** The request is carried out twice, as when a client repeats a call; the caller gets the second answer. */
    record Duplicate() implements Fault {}

    /** A byte in the middle of the answer arrives wrong. */
    record Corrupt() implements Fault {}

    /** The first entries of an SQS batch never reach the queue, and are answered as {@code Failed}. */
    record PartialBatchFailure(int entries) implements Fault {}

    /** The caller reads another answer than the service gave. */
    record Rewrite(UnaryOperator<String> answer) implements Fault {}

    /**
     * The test does something meanwhile: kills the caller, counts, waits. The hook is told the name of the process that
     * called, and runs on the connection's thread.
     */
    record Call(Moment moment, Consumer<String> hook) implements Fault {}
}
