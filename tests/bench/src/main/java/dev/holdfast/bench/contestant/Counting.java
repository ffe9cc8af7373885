package dev.holdfast.bench.contestant;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Counts what a client sends, by action and with every repetition: that is what AWS bills. */
public class Counting implements ExecutionInterceptor {

    private final Map<String, DoubleAdder> counts = new ConcurrentHashMap<>();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        var action = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        if (action != null) add(action, 1);
    }

    final void add(String name, double amount) {
        counts.computeIfAbsent(name, unseen -> new DoubleAdder()).add(amount);
    }

    /** What was counted so far. */
    public Map<String, Double> counts() {
        var now = new TreeMap<String, Double>();
        counts.forEach((name, value) -> now.put(name, value.sum()));
        return now;
    }
}
