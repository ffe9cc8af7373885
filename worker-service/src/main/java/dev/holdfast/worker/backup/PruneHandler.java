package dev.holdfast.worker.backup;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Postponed;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.repositories.Decisions;
import dev.holdfast.repositories.FleetLocks;
import dev.holdfast.repositories.PackList;
import dev.holdfast.repositories.PruneTable;
import dev.holdfast.repositories.Pruning;
import dev.holdfast.repositories.Pruning.Step;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.restic.SharedPrune;
import dev.holdfast.restic.WriterOptions;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Storage;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Gives back the space of what no snapshot uses, without stopping backups: condemns packs, waits for the jobs that may
 * refer to them, takes them out of the index, waits for the jobs that may read them, deletes them. How far it has come
 * is in the catalogue, so that any run goes on with it.
 */
@Singleton
public final class PruneHandler {

    /** So much of what stays may be unused, as with restic. */
    private static final double MAX_UNUSED = 0.05;

    private static final WriterOptions OPTIONS = WriterOptions.defaults().withQueueBytes(8 << 20);
    private static final Duration OTHER_PRUNE = Duration.ofMinutes(1);

    /** Between looks at the jobs that are waited for: a quarter of the time waited so far, within these. */
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final Workplaces workplaces;
    private final Repositories repositories;
    private final FleetLocks locks;
    private final PruneTable prunes;
    private final Decisions decisions;
    private final Browsing browsing;
    private final JobTable jobs;
    private final InstantSource clock;

    PruneHandler(
            Workplaces workplaces,
            Repositories repositories,
            FleetLocks locks,
            PruneTable prunes,
            Decisions decisions,
            Browsing browsing,
            JobTable jobs,
            InstantSource clock) {
        this.workplaces = workplaces;
        this.repositories = repositories;
        this.locks = locks;
        this.prunes = prunes;
        this.decisions = decisions;
        this.browsing = browsing;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Prunes the payload's repository. */
    public Outcome handle(Run run, JobPayload.Prune prune) throws IOException, InterruptedException {
        return workplaces.work(run, prune.repository(), workplace -> {
            try {
                return prune.dryRun().orElse(false) ? estimate(run, workplace) : prune(run, workplace);
            } catch (ResticException.Missing used) {
                return new Rejected("repository-damaged", "Nothing was removed: " + used.getMessage() + ".");
            }
        });
    }

    private static Outcome estimate(Run run, Workplace workplace) {
        var condemned = condemn(run, workplace, _ -> {});
        return new Succeeded(
                new JobResult.Pruned(condemned.packs().size(), condemned.repacked(), condemned.freedBytes()));
    }

    private static SharedPrune.Condemned condemn(Run run, Workplace workplace, Consumer<Id> live) {
        return SharedPrune.condemn(
                workplace.repository(),
                MAX_UNUSED,
                workplace.progress(run, "packs", "looking for what is unused,"),
                workplace.keeping(run),
                live);
    }

    private Outcome prune(Run run, Workplace workplace) {
        var work = new Work(run, workplace, repositories.storage(workplace.stored()));
        var ended = decisions.of(run.job().id(), JobResult.Pruned.class);
        if (ended.isPresent()) return work.end(ended.get());
        var there = prunes.find(run.job().tenant(), workplace.stored().name());
        if (there.isPresent() && isAnothers(there.get(), run.job())) {
            return new Postponed(OTHER_PRUNE, "waits for another prune of the repository");
        }
        var mine = there.filter(it -> it.job().equals(run.job().id()));
        return mine.map(work::goOn).orElseGet(() -> work.begin(there));
    }

    /** One that was given up may be begun anew by anybody. */
    private boolean isAnothers(Pruning there, Job job) {
        return !there.job().equals(job.id())
                && jobs.find(there.job()).filter(it -> !it.state().isFinal()).isPresent();
    }

    /** What one run does of a prune. */
    private final class Work {

        private final Run run;
        private final Workplace workplace;
        private final Storage storage;
        private final Job job;
        private final String repository;

        Work(Run run, Workplace workplace, Storage storage) {
            this.run = run;
            this.workplace = workplace;
            this.storage = storage;
            this.job = run.job();
            this.repository = workplace.stored().name();
        }

        /** Condemns packs: from now on no job that begins refers to them. */
        Outcome begin(Optional<Pruning> left) {
            var census = browsing.census(run, workplace);
            var condemned = condemn(run, workplace, census::count);
            var list = PackList.store(storage, condemned.packs());
            var next = new Pruning(job.id(), Step.CONDEMNING, list, Set.of(), now(), 0, 0, 0);
            if (!prunes.put(jobs.stillMine(job), job.tenant(), repository, left, next)) {
                return new Postponed(OTHER_PRUNE, "waits for another prune of the repository");
            }
            PackList.removeOthers(storage, list);
            census.end();
            workplace.log().info("condemned", Map.of("packs", condemned.packs().size()));
            return goOn(next);
        }

        Outcome goOn(Pruning reached) {
            return switch (reached.step()) {
                case CONDEMNING -> goOn(await(reached));
                case CONDEMNED -> waiting(reached).orElseGet(() -> goOn(switchOver(reached)));
                case SWITCHED -> waiting(reached).orElseGet(() -> delete(reached));
            };
        }

        /** Only now: a job that is not among these began after the packs were condemned. */
        private Pruning await(Pruning reached) {
            var next = new Pruning(
                    job.id(), Step.CONDEMNED, reached.packs(), locks.others(job, repository), now(), 0, 0, 0);
            return put(reached, next);
        }

        private Optional<Outcome> waiting(Pruning reached) {
            var remaining = locks.remaining(job, repository, reached.waitsFor());
            if (remaining.isEmpty()) return Optional.empty();
            var wait = Duration.between(reached.since(), clock.instant()).dividedBy(4);
            if (wait.compareTo(SHORTEST_WAIT) < 0) wait = SHORTEST_WAIT;
            if (wait.compareTo(LONGEST_WAIT) > 0) wait = LONGEST_WAIT;
            return Optional.of(new Postponed(wait, "waits for " + remaining.size() + " jobs that began before"));
        }

        private Pruning switchOver(Pruning reached) {
            var switched = SharedPrune.switchOver(
                    workplace.repository(),
                    packs(reached),
                    OPTIONS,
                    workplace.progress(run, "packs", "writing anew,"),
                    workplace.keeping(run),
                    last -> workplace.lock().exclusively(() -> {
                        run.ensureMine();
                        last.run();
                    }));
            var next = new Pruning(
                    job.id(),
                    Step.SWITCHED,
                    PackList.store(storage, switched.packs()),
                    locks.others(job, repository),
                    now(),
                    switched.packs().size(),
                    switched.repacked(),
                    switched.freedBytes());
            return put(reached, next);
        }

        private Pruning put(Pruning reached, Pruning next) {
            if (!prunes.put(jobs.stillMine(job), job.tenant(), repository, Optional.of(reached), next)) {
                throw new Run.LostException();
            }
            tell(next);
            if (!reached.packs().equals(next.packs())) PackList.remove(storage, reached.packs());
            return next;
        }

        private void tell(Pruning next) {
            workplace
                    .log()
                    .info(
                            "prune",
                            Map.of(
                                    "step",
                                    next.step().name(),
                                    "jobsToAwait",
                                    next.waitsFor().size()));
        }

        private Outcome delete(Pruning reached) {
            run.ensureMine();
            SharedPrune.delete(workplace.repository(), List.copyOf(packs(reached)));
            var result = new JobResult.Pruned(reached.deleted(), reached.repacked(), reached.freedBytes());
            return end(
                    decisions.decide(jobs.stillMine(job), job.id(), result, JobResult.Pruned.class, clock.instant()));
        }

        /** The row first: it must not name a list that is not there. */
        Outcome end(JobResult.Pruned result) {
            var left =
                    prunes.find(job.tenant(), repository).filter(it -> it.job().equals(job.id()));
            prunes.remove(jobs.stillMine(job), job.tenant(), repository, job.id());
            left.ifPresent(it -> PackList.remove(storage, it.packs()));
            workplaces.sweepLogs(workplace);
            return new Succeeded(result);
        }

        private Set<Id> packs(Pruning reached) {
            return PackList.read(storage, reached.packs())
                    .orElseThrow(() -> new ResticException.Missing("the list of packs " + reached.packs()));
        }

        private Instant now() {
            return clock.instant();
        }
    }
}
