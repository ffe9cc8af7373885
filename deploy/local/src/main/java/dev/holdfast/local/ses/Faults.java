package dev.holdfast.local.ses;

import java.time.InstantSource;
import java.util.List;
import java.util.Random;
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
     * @param throttlePercent so many of a hundred sends are throttled at random
     * @param dailyQuota sends that are taken, counted since it was set, shown by GetAccount; at first 10,000,000
     * @param sandbox true = mails go to addresses below verified.example only, as if they alone were verified
     */
    record Change(
            @Nullable Integer throttleNext,
            @Nullable Integer rejectNext,
            @Nullable Integer failNext,
            @Nullable Boolean pauseSending,
            @Nullable Double maxSendRate,
            @Nullable Integer throttlePercent,
            @Nullable Double dailyQuota,
            @Nullable Boolean sandbox) {}

    /** What is set now. */
    record Settings(
            int throttleNext,
            int rejectNext,
            int failNext,
            boolean pauseSending,
            double maxSendRate,
            int throttlePercent,
            double dailyQuota,
            boolean sandbox) {

        Settings next(int throttles, int rejects, int fails) {
            return new Settings(
                    throttles, rejects, fails, pauseSending, maxSendRate, throttlePercent, dailyQuota, sandbox);
        }
    }

    private static final double USUAL_QUOTA = 10_000_000;

    private final InstantSource clock;
    private final Random random = new Random(14);
    private Settings settings = new Settings(0, 0, 0, false, 0, 0, USUAL_QUOTA, false);
    private double allowance;
    private long refilledAtMillis;
    private long sent;

    Faults(InstantSource clock) {
        this.clock = clock;
    }

    synchronized Settings settings() {
        return settings;
    }

    /** Mails taken since the daily quota was set. */
    synchronized long sent() {
        return sent;
    }

    synchronized Settings apply(Change change) {
        settings = new Settings(
                orElse(change.throttleNext(), settings.throttleNext()),
                orElse(change.rejectNext(), settings.rejectNext()),
                orElse(change.failNext(), settings.failNext()),
                change.pauseSending() == null ? settings.pauseSending() : change.pauseSending(),
                change.maxSendRate() == null ? settings.maxSendRate() : change.maxSendRate(),
                orElse(change.throttlePercent(), settings.throttlePercent()),
                change.dailyQuota() == null ? settings.dailyQuota() : change.dailyQuota(),
                change.sandbox() == null ? settings.sandbox() : change.sandbox());
        if (change.dailyQuota() != null) {
            sent = 0;
        }
        allowance = Math.max(1, settings.maxSendRate());
        refilledAtMillis = clock.millis();
        return settings;
    }

    private static int orElse(@Nullable Integer wanted, int current) {
        return wanted == null ? current : wanted;
    }

    /** Called before a mail is taken; throws what this one has to fail with. */
    synchronized void beforeSend(List<String> recipients) {
        Settings now = settings;
        if (now.pauseSending()) {
            throw SesFailure.paused("Sending paused for this account.");
        }
        if (now.throttleNext() > 0) {
            settings = now.next(now.throttleNext() - 1, now.rejectNext(), now.failNext());
            throw SesFailure.throttled("Maximum sending rate exceeded.");
        }
        if (now.failNext() > 0) {
            settings = now.next(0, now.rejectNext(), now.failNext() - 1);
            throw SesFailure.unavailable("An internal error was asked for.");
        }
        if (now.rejectNext() > 0) {
            settings = now.next(0, now.rejectNext() - 1, 0);
            throw SesFailure.rejected("Email address is not verified.");
        }
        if (now.sandbox() && !recipients.stream().allMatch(address -> address.endsWith("verified.example"))) {
            throw SesFailure.rejected("Email address is not verified. The following identities failed the check in"
                    + " region US-EAST-1: " + String.join(", ", recipients));
        }
        if (random.nextInt(100) < now.throttlePercent()) {
            throw SesFailure.throttled("Maximum sending rate exceeded.");
        }
        if (sent >= now.dailyQuota()) {
            throw SesFailure.throttled("Daily message quota exceeded.");
        }
        if (now.maxSendRate() > 0) {
            spend(now.maxSendRate());
        }
        sent++;
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
