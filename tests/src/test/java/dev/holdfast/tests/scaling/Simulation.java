package dev.holdfast.tests.scaling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * Pods that come and go under a workload, in steps of a second. Of the pods that shall go the youngest goes first
 * (Kubernetes, ReplicaSet, "Scaling down"); it takes no more work and ends what it has, and what has not ended by the
 * end of its grace is interrupted and begins anew elsewhere.
 */
final class Simulation {

    /** What a day of such work would show. {@code drained} counts from the last job asked for. */
    record Result(double drainedSeconds, double waitP95Seconds, int killedRuns, double podHours, int mostPods) {

        String row() {
            return String.format(
                    Locale.ROOT,
                    "%,.0f | %,.1f | %d | %.1f | %d",
                    drainedSeconds,
                    waitP95Seconds,
                    killedRuns,
                    podHours,
                    mostPods);
        }
    }

    private static final int LIMIT = 48 * 3600;

    private static final class Pod {
        final int readyAt;
        final PriorityQueue<Run> runs = new PriorityQueue<>(Comparator.comparingDouble(Run::endsAt));
        int leavesAt = Integer.MAX_VALUE;

        Pod(int readyAt) {
            this.readyAt = readyAt;
        }
    }

    private record Run(Workload.Job job, double endsAt) {}

    private final Workload workload;
    private final ScalingSettings settings;
    private final Autoscaler autoscaler;
    private final List<Pod> staying = new ArrayList<>();
    private final List<Pod> leaving = new ArrayList<>();
    private final ArrayDeque<Workload.Job> queue = new ArrayDeque<>();
    private final List<Double> waits = new ArrayList<>();
    private int killed;
    private long podSeconds;
    private int mostPods;

    private Simulation(Workload workload, ScalingSettings settings) {
        this.workload = workload;
        this.settings = settings;
        this.autoscaler = new Autoscaler(settings);
        for (int i = 0; i < settings.min(); i++) staying.add(new Pod(0));
    }

    static Result of(Workload workload, ScalingSettings settings) {
        return new Simulation(workload, settings).run();
    }

    private Result run() {
        var next = 0;
        var jobs = workload.jobs();
        for (int now = 0; now < LIMIT; now++) {
            while (next < jobs.size() && jobs.get(next).at() <= now) queue.addLast(jobs.get(next++));
            finish(now);
            work(now);
            scale(now);
            podSeconds += staying.size() + leaving.size();
            mostPods = Math.max(mostPods, staying.size());
            if (next == jobs.size() && queue.isEmpty() && inWork() == 0) {
                waits.sort(Comparator.naturalOrder());
                return new Result(
                        now - jobs.getLast().at(),
                        waits.get((int) (waits.size() * 0.95)),
                        killed,
                        podSeconds / 3600.0,
                        mostPods);
            }
        }
        throw new IllegalStateException("not drained within two days: " + settings);
    }

    private void finish(int now) {
        for (var pods : List.of(staying, leaving)) {
            for (var pod : pods) {
                while (!pod.runs.isEmpty() && pod.runs.peek().endsAt() <= now) pod.runs.remove();
            }
        }
        leaving.removeIf(pod -> {
            if (pod.runs.isEmpty()) return true;
            if (now < pod.leavesAt) return false;
            killed += pod.runs.size();
            pod.runs.forEach(run -> queue.addFirst(run.job()));
            return true;
        });
    }

    /** Each free slot takes what waits longest; within a second it takes several jobs one after the other. */
    private void work(int now) {
        for (var pod : staying) {
            if (pod.readyAt > now) continue;
            for (int slot = pod.runs.size(); slot < settings.slots() && !queue.isEmpty(); slot++) {
                var at = (double) now;
                while (!queue.isEmpty() && at < now + 1) {
                    var job = queue.removeFirst();
                    waits.add(at - job.at());
                    at += job.seconds();
                    if (at > now + 1 || queue.isEmpty()) pod.runs.add(new Run(job, at));
                }
            }
        }
    }

    private void scale(int now) {
        var pods = autoscaler.pods(now, queue.size() + inWork());
        while (staying.size() < pods) staying.add(new Pod(now + workload.podStartSeconds()));
        while (staying.size() > pods) {
            var pod = staying.removeLast();
            pod.leavesAt = now + settings.graceSeconds();
            leaving.add(pod);
        }
    }

    private int inWork() {
        return staying.stream().mapToInt(pod -> pod.runs.size()).sum()
                + leaving.stream().mapToInt(pod -> pod.runs.size()).sum();
    }
}
