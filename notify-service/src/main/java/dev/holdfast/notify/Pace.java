package dev.holdfast.notify;

import java.time.Duration;

/**
 * Spaces mails evenly, at this process's share of what the account may send a second. While SES throttles more than a
 * quarter of what is sent, others send too (or the rate is not what SES said): then it goes slower, and back to its
 * share as throttling ends. A mail that SES throttled was not counted by SES: its turn is given back. Thread-safe.
 */
final class Pace {

    /** The latest answers that are looked at. */
    private static final int ANSWERS = 40;

    private static final int TOO_MANY = ANSWERS / 4;

    /** Turns that may be made up for at once after a pause. */
    private static final double BURST = 2;

    /** With the patience of Throttle less than the time for which a notification is claimed. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final double SECOND = 1e9;

    private final Object lock = new Object();
    private final boolean[] refused = new boolean[ANSWERS];
    private double share;
    private double rate;
    private double nextAt = System.nanoTime();
    private int answers;
    private int sinceChange;

    /** @param perSecond mails, until {@link #share} says otherwise */
    Pace(double perSecond) {
        this.share = perSecond;
        this.rate = perSecond;
    }

    /** What this process may send a second from now on. */
    void share(double perSecond) {
        synchronized (lock) {
            rate = Math.min(perSecond, rate * perSecond / share);
            share = perSecond;
        }
    }

    /** How many mails a second it sends at most right now. */
    double rate() {
        synchronized (lock) {
            return rate;
        }
    }

    /** Returns when it is the caller's turn; false, at once, when that would be too late. */
    boolean take() throws InterruptedException {
        long wait;
        synchronized (lock) {
            var now = System.nanoTime();
            var turn = Math.max(nextAt, now - (BURST - 1) * SECOND / rate);
            wait = (long) (turn - now);
            if (wait > LONGEST_WAIT.toNanos()) return false;
            nextAt = turn + SECOND / rate;
        }
        if (wait > 0) Thread.sleep(Duration.ofNanos(wait));
        return true;
    }

    /** The turn was not used. */
    void giveBack() {
        synchronized (lock) {
            nextAt -= SECOND / rate;
        }
    }

    /** SES took a mail. */
    void taken() {
        note(false);
    }

    /** SES did not take a mail, because there were too many. */
    void throttled() {
        note(true);
    }

    private void note(boolean wasRefused) {
        synchronized (lock) {
            refused[answers++ % ANSWERS] = wasRefused;
            sinceChange++;
            var refusals = 0;
            for (var one : refused) if (one) refusals++;
            if (refusals > TOO_MANY && sinceChange >= ANSWERS / 2) {
                rate = Math.max(share / 20, rate * 0.7);
                sinceChange = 0;
            } else if (refusals <= TOO_MANY && rate < share) {
                rate = Math.min(share, rate + share / 100);
            }
        }
    }
}
