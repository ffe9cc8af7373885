package dev.holdfast.tests.scaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Jobs by the time at which they are asked for. */
record Workload(String name, List<Job> jobs, int podStartSeconds) {

    /** How long a pod takes to be ready: 30 s to be scheduled and for its image, 2.6 s to start as measured. */
    private static final int POD_START = 33;

    /**
     * A job.
     *
     * @param at seconds from the beginning
     * @param seconds of work, on one slot
     */
    record Job(double at, double seconds) {}

    /**
     * 300 backups at once, as at night. A worker of two cores was measured to store 233 MiB/s; a slot of four on one
     * core has 29 of them. Sizes are log-normal around 4 GiB; a shard is bounded to ten minutes.
     */
    static Workload nightlyBackups() {
        var random = new Random(42);
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < 300; i++) {
            var mebibytes = 4096 * StrictMath.exp(0.8 * random.nextGaussian());
            jobs.add(new Job(0, Math.min(600, Math.max(5, mebibytes / 29))));
        }
        return new Workload("300 backups at once", jobs, POD_START);
    }

    /** A backup every 20 s for two hours, as over the day: pods come and go while others are at work. */
    static Workload backupsOverTheDay() {
        var random = new Random(43);
        var jobs = new ArrayList<Job>();
        var at = 0.0;
        while (at < 7200) {
            at += -20 * StrictMath.log(1 - random.nextDouble()) * (at > 2400 && at < 4800 ? 3 : 0.5);
            jobs.add(new Job(at, Math.min(600, Math.max(5, 4096 * StrictMath.exp(0.8 * random.nextGaussian()) / 29))));
        }
        return new Workload("backups over two hours, fewer in the middle", jobs, POD_START);
    }

    /**
     * Registrations: 100 a second for half an hour, and 100,000 at once after five and after nine minutes. A worker of
     * one core was measured to end 903 a second; a pod has half a core and 32 slots, hence 71 ms on a slot.
     */
    static Workload registrationsWithBursts() {
        var random = new Random(44);
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < 180_000; i++) jobs.add(new Job(i / 100.0, 0.071 * (0.5 + random.nextDouble())));
        for (int i = 0; i < 200_000; i++) {
            jobs.add(new Job(i < 100_000 ? 300 : 540, 0.071 * (0.5 + random.nextDouble())));
        }
        jobs.sort(Comparator.comparingDouble(Job::at));
        return new Workload("100 registrations a second, and twice 100,000 at once", jobs, POD_START);
    }
}
