package dev.holdfast.notify.webhook;

import dev.holdfast.webhook.WebhookConfig;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/**
 * How many calls of each endpoint this process makes at the same time. An endpoint that fails again and again has a
 * single one until it takes a call: those that hang must not take the slots of all others. Thread-safe.
 */
@Singleton
final class Endpoints {

    private static final int PATIENCE = 3;

    /** Endpoints that are remembered while nothing calls them, because they fail. */
    private static final int REMEMBERED = 10_000;

    private final int most;
    private final Map<String, Load> endpoints = new HashMap<>();

    private static final class Load {
        private int now;
        private int failures;
    }

    Endpoints(WebhookConfig config) {
        this.most = config.slotsPerEndpoint();
    }

    /** Takes a slot of the endpoint's if there is one, to be given back by {@link #leave}. */
    synchronized boolean enter(String endpoint) {
        var load = endpoints.computeIfAbsent(endpoint, any -> new Load());
        if (load.now >= (load.failures < PATIENCE ? most : 1)) return false;
        load.now++;
        return true;
    }

    /** Gives a slot back. */
    synchronized void leave(String endpoint) {
        var load = endpoints.computeIfAbsent(endpoint, any -> new Load());
        load.now--;
        if (load.now == 0 && (load.failures == 0 || endpoints.size() > REMEMBERED)) endpoints.remove(endpoint);
    }

    /** The endpoint took a call, or did not. To be told before the slot is given back. */
    synchronized void answered(String endpoint, boolean well) {
        var load = endpoints.computeIfAbsent(endpoint, any -> new Load());
        load.failures = well ? 0 : load.failures + 1;
    }
}
