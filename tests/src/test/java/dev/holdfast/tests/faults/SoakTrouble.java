package dev.holdfast.tests.faults;

import dev.holdfast.local.Child;
import dev.holdfast.local.ProcessSignal;
import dev.holdfast.tests.faults.Fault.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * One trouble after the other, drawn by a seed: a process is killed, frozen, or stopped; or its calls to AWS are
 * throttled, cut, delayed or repeated for a while. What dies is started again by the house.
 */
final class SoakTrouble {

    private static final List<Fault> FAULTS = List.of(
            new Fault.Throttle(),
            new Fault.ServerError(),
            new Fault.Cut(Moment.BEFORE_FORWARDING),
            new Fault.Cut(Moment.AFTER_FORWARDING),
            new Fault.Delay(Duration.ofMillis(500)),
            new Fault.Duplicate(),
            new Fault.Corrupt());

    private final FaultHouse house;
    private final Recorder recorder;
    private final Random random;
    private int troubles;

    SoakTrouble(FaultHouse house, Recorder recorder, long seed) {
        this.house = house;
        this.recorder = recorder;
        this.random = new Random(seed);
    }

    int troubles() {
        return troubles;
    }

    /** Waits a while, then makes trouble; returns when it is over, and says what it was. */
    String next() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(1_000 + random.nextInt(4_000)));
        troubles++;
        var processes = house.processes();
        var victim = processes.get(random.nextInt(processes.size()));
        var length = Duration.ofMillis(500 + random.nextInt(5_000));
        if (!victim.isAlive()) return victim.name() + " is being started";
        return switch (random.nextInt(5)) {
            case 0 -> kill(victim);
            case 1 -> freeze(victim, length.multipliedBy(4));
            case 2 -> stop(victim);
            default -> spoil(victim, length);
        };
    }

    private String kill(Child victim) {
        house.kill(victim.name(), recorder);
        return "killed " + victim.name();
    }

    private String stop(Child victim) {
        victim.send(ProcessSignal.TERM);
        return "stopped " + victim.name();
    }

    /** Up to 22 s: twice a lease. */
    private String freeze(Child victim, Duration length) throws InterruptedException {
        victim.send(ProcessSignal.STOP);
        recorder.died(victim.name());
        Thread.sleep(length);
        victim.send(ProcessSignal.CONT);
        return "froze %s for %d ms".formatted(victim.name(), length.toMillis());
    }

    private String spoil(Child victim, Duration length) throws InterruptedException {
        var used = house.of(victim).all().stream()
                .filter(candidate -> !candidate.calls().isEmpty())
                .toList();
        if (used.isEmpty()) return victim.name() + " makes no calls yet";
        var proxy = used.get(random.nextInt(used.size()));
        var fault = FAULTS.get(random.nextInt(FAULTS.size()));
        var probability = 0.2 + random.nextDouble() * 0.8;
        var seed = random.nextLong();
        // A mail whose answer is lost is sent again, and SES cannot know: that is F29, told in docs and not repeated
        // here.
        if (proxy == house.of(victim).sesv2() && !(fault instanceof Fault.Throttle || fault instanceof Fault.Delay)) {
            fault = new Fault.Throttle();
        }
        var rule = proxy.arm(Rule.onAny().withChance(probability, seed).then(fault));
        Thread.sleep(length);
        rule.lift();
        return "%s for %d ms on %d calls of %s to %s"
                .formatted(fault, length.toMillis(), rule.struck(), victim.name(), proxy.service());
    }
}
