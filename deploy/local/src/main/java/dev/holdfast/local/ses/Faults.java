package dev.holdfast.local.ses;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What the stand-in is told to do wrong; nothing at first. Safe for several threads. */
final class Faults {
    /**
     * A change; each part may be left out.
     *
     * @param throttleNext so many sends are answered TooManyRequestsException
     * @param rejectNext so many sends are answered MessageRejected
     * @param failNext so many sends are answered by status 500
     * @param pauseSending true = sends are answered SendingPausedException until false
     * @param maxSendRate sends per second, shown by GetAccount; what goes beyond is throttled; 0 = unlimited
     */
    record Change(
            @Nullable Integer throttleNext,
            @Nullable Integer rejectNext,
            @Nullable Integer failNext,
            @Nullable Boolean pauseSending,
            @Nullable Double maxSendRate) {}

    /** What is set now. */
    record Settings(int throttleNext, int rejectNext, int failNext, boolean pauseSending, double maxSendRate) {}

    private final InstantSource clock;
    private Settings settings = new Settings(0, 0, 0, false, 0);
    private double allowance;
    private long refilledAtMillis;

    Faults(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Settings settings() {
        return settings;
    }

    synchronized Settings apply(Change change) {
        settings = new Settings(
                orElse(change.throttleNext(), settings.throttleNext()),
                orElse(change.rejectNext(), settings.rejectNext()),
                orElse(change.failNext(), settings.failNext()),
                change.pauseSending() == null ? settings.pauseSending() : change.pauseSending(),
                change.maxSendRate() == null ? settings.maxSendRate() : change.maxSendRate());
        allowance = Math.max(1, settings.maxSendRate());
        refilledAtMillis = clock.millis();
        return settings;
    }

    private static int orElse(@Nullable Integer wanted, int current) {
        return wanted == null ? current : wanted;
    }

    /** Called before a mail is taken; throws what this one has to fail with. */
    synchronized void beforeSend() {
        Settings now = settings;
        if (now.pauseSending()) {
            throw SesFailure.paused("Sending paused for this account.");
        }
        if (now.throttleNext() > 0) {
            settings = new Settings(now.throttleNext() - 1, now.rejectNext(), now.failNext(), false, now.maxSendRate());
            throw SesFailure.throttled("Maximum sending rate exceeded.");
        }
        if (now.failNext() > 0) {
            settings = new Settings(0, now.rejectNext(), now.failNext() - 1, false, now.maxSendRate());
            throw SesFailure.unavailable("An internal error was asked for.");
        }
        if (now.rejectNext() > 0) {
            settings = new Settings(0, now.rejectNext() - 1, 0, false, now.maxSendRate());
            throw SesFailure.rejected("Email address is not verified.");
        }
        if (now.maxSendRate() > 0) {
            spend(now.maxSendRate());
        }
    }

    private void spend(double perSecond) {
        long now = clock.millis();
        allowance = Math.min(Math.max(1, perSecond), allowance + (now - refilledAtMillis) / 1000.0 * perSecond);
        refilledAtMillis = now;
        if (allowance < 1) {
            throw SesFailure.throttled("Maximum sending rate exceeded.");
        }
        allowance--;
    }
}
