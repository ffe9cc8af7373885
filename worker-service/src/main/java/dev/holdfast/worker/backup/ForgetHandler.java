package dev.holdfast.worker.backup;

import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.repositories.Decisions;
import dev.holdfast.restic.Forget;
import dev.holdfast.restic.StoredSnapshot;
import dev.holdfast.restic.format.Id;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes snapshots that no rule keeps. Which they are is decided once; then as often as it is repeated the same go.
 * The catalogue is brought in line with the repository on the way, also with what somebody removed by restic.
 */
@Singleton
public final class ForgetHandler {

    /** On a snapshot that does not have all that it should. */
    private static final String PARTIAL = "partial";

    /** A decision has its limits: the rest goes the next time. */
    private static final int MOST = 4_000;

    private final Workplaces workplaces;
    private final CatalogueSync catalogue;
    private final Decisions decisions;
    private final JobTable jobs;
    private final InstantSource clock;

    ForgetHandler(
            Workplaces workplaces, CatalogueSync catalogue, Decisions decisions, JobTable jobs, InstantSource clock) {
        this.workplaces = workplaces;
        this.catalogue = catalogue;
        this.decisions = decisions;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** What a job has decided to remove, of how many that stay. */
    record Decision(long kept, List<String> removed) {
        JobResult.Forgotten result() {
            return new JobResult.Forgotten(kept, removed.size());
        }
    }

    /** Applies the payload's rules. */
    public Outcome handle(Run run, JobPayload.Forget forget) throws IOException, InterruptedException {
        return workplaces.work(run, forget.repository(), workplace -> forget(run, forget, workplace));
    }

    private Outcome forget(Run run, JobPayload.Forget forget, Workplace workplace) {
        var job = run.job();
        var decided = decisions.of(job.id(), Decision.class);
        if (decided.isPresent()) return remove(run, workplace, decided.get());
        Decision wanted;
        try {
            wanted = plan(workplace.repository().snapshots(), forget);
        } catch (IllegalArgumentException nothingStays) {
            return new Rejected("nothing-would-stay", "Nothing was removed: " + nothingStays.getMessage() + ".");
        }
        if (forget.dryRun().orElse(false)) return new Succeeded(wanted.result());
        var decision = decisions.decide(jobs.stillMine(job), job.id(), wanted, Decision.class, clock.instant());
        return remove(run, workplace, decision);
    }

    private Decision plan(List<StoredSnapshot> all, JobPayload.Forget forget) {
        var considered = all.stream()
                .filter(it -> it.snapshot().tags().containsAll(forget.tags()))
                .toList();
        var removed = new ArrayList<StoredSnapshot>();
        for (var group : Forget.plan(considered, KeepRules.of(forget), clock.instant())) {
            removed.addAll(sparingTheLastGood(group));
        }
        var ids = removed.stream().map(it -> it.id().toHex()).limit(MOST).toList();
        return new Decision(considered.size() - ids.size(), ids);
    }

    /** What goes of a group: never the newest snapshot that has all it should. */
    static List<StoredSnapshot> sparingTheLastGood(Forget.Group group) {
        if (group.keep().stream().anyMatch(ForgetHandler::isGood)) return group.remove();
        var good = group.remove().stream().filter(ForgetHandler::isGood).findFirst();
        return group.remove().stream()
                .filter(it -> !good.equals(Optional.of(it)))
                .toList();
    }

    private static boolean isGood(StoredSnapshot snapshot) {
        return !snapshot.snapshot().tags().contains(PARTIAL);
    }

    private Outcome remove(Run run, Workplace workplace, Decision decision) {
        run.ensureMine();
        Forget.remove(
                workplace.repository(),
                decision.removed().stream().map(Id::parse).toList());
        decision.removed().forEach(id -> workplace.log().info("snapshot removed", Map.of("snapshot", id)));
        catalogue.bringInLine(run, workplace);
        workplaces.sweepLogs(workplace);
        return new Succeeded(decision.result());
    }
}
