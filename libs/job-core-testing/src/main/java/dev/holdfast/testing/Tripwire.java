package dev.holdfast.testing;

import dev.holdfast.testing.Fault.Moment;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Sits on the clients of a handler: numbers its AWS calls, strikes once at the one for which it was armed, and lets
 * none through once the process counts as dead. Thread-safe.
 */
final class Tripwire implements ExecutionInterceptor {

    private static final ExecutionAttribute<Integer> STEP = new ExecutionAttribute<>("dev.holdfast.testing.step");
    private static final Strike NONE = () -> {};

    private final List<String> calls = new ArrayList<>();
    private int armedFor;
    private Moment moment = Moment.BEFORE;
    private Strike strike = NONE;
    private volatile boolean dead;

    /** What happens at the call. An exception from here is what the caller of AWS sees. */
    interface Strike {
        void run();
    }

    /** The end of a process, as far as it can be had within one: whatever catches this, no call to AWS succeeds. */
    static final class Killed extends Error {
        Killed() {
            super("the process was killed by a fault");
        }
    }

    /** Begins to count, and waits for no call. */
    synchronized void watch() {
        arm(0, Moment.BEFORE, NONE);
    }

    /** Begins to count, and waits for the call of that number, from 1. */
    synchronized void arm(int step, Moment when, Strike what) {
        calls.clear();
        armedFor = step;
        moment = when;
        strike = what;
    }

    /** Waits for no call any more. Returns whether it has struck. */
    synchronized boolean disarm() {
        var struck = armedFor == 0;
        armedFor = 0;
        return struck;
    }

    /** The calls since it began to count, such as {@code S3.PutObject}. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Ends the process of the caller. */
    void kill() {
        dead = true;
        throw new Killed();
    }

    boolean isDead() {
        return dead;
    }

    /** A new process takes the place of the dead one. */
    void revive() {
        dead = false;
    }

    /** For the clients of the runtime, which end with the process but are no steps of the handler. */
    ExecutionInterceptor mortality() {
        return new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                if (dead) throw new Killed();
            }
        };
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        var step = count(attributes);
        attributes.putAttribute(STEP, step);
        if (dead) throw new Killed();
        if (trips(step, Moment.BEFORE)) strike.run();
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        if (trips(attributes.getAttribute(STEP), Moment.SENT)) strike.run();
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        if (trips(attributes.getAttribute(STEP), Moment.AFTER)) strike.run();
    }

    /** A call that AWS refuses, such as a read of what is not there, has an answer too. */
    @Override
    public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
        if (!trips(attributes.getAttribute(STEP), Moment.AFTER)) return context.exception();
        try {
            strike.run();
            return context.exception();
        } catch (RuntimeException | Killed struck) {
            return struck;
        }
    }

    private synchronized int count(ExecutionAttributes attributes) {
        calls.add(attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME) + "."
                + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
        return calls.size();
    }

    private synchronized boolean trips(int step, Moment now) {
        if (step != armedFor || now != moment) return false;
        armedFor = 0;
        return true;
    }
}
