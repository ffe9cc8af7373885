package dev.holdfast.worker.backup;

import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.job.ReadData;
import dev.holdfast.repositories.CheckRecord;
import dev.holdfast.repositories.CheckTable;
import dev.holdfast.restic.CheckReport;
import dev.holdfast.restic.Checker;
import dev.holdfast.run.Run;
import dev.holdfast.table.JobTable;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for damage in a repository. Finding some fails the job, and is told to the tenant's alerts; finding none, it
 * brings the catalogue in line: the snapshots, and their directories.
 */
@Singleton
public final class CheckHandler {

    private static final int READERS = 2;

    /** Questions to the store at the same time: they take its time and nothing of ours. */
    private static final int ASKERS = 16;

    /** A sample is this part of all packs: every pack is read once in so many days. */
    private static final int PARTS = 30;

    /** An error message has its limits: no more are told by name. */
    private static final int SHOWN = 10;

    private final Workplaces workplaces;
    private final CheckTable checks;
    private final CatalogueSync catalogue;
    private final Browsing browsing;
    private final JobTable jobs;
    private final InstantSource clock;

    CheckHandler(
            Workplaces workplaces,
            CheckTable checks,
            CatalogueSync catalogue,
            Browsing browsing,
            JobTable jobs,
            InstantSource clock) {
        this.workplaces = workplaces;
        this.checks = checks;
        this.catalogue = catalogue;
        this.browsing = browsing;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Checks the payload's repository. */
    public Outcome handle(Run run, JobPayload.Check check) throws IOException, InterruptedException {
        return workplaces.work(run, check.repository(), workplace -> check(run, check, workplace));
    }

    private Outcome check(Run run, JobPayload.Check check, Workplace workplace) {
        var census = browsing.census(run, workplace);
        var report = Checker.check(
                workplace.repository(),
                part(check.readData(), clock.instant()),
                check.readData() == ReadData.CHECKSUMS ? ASKERS : READERS,
                workplace.progress(run, "packs", "checking"),
                workplace.keeping(run),
                census::countAndKeep);
        var ended = new CheckRecord(
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                run.job().id().toString(),
                check.readData().name().toLowerCase(Locale.ROOT),
                report.errorCount());
        checks.note(jobs.stillMine(run.job()), run.job().tenant(), check.repository(), CheckTable.Kind.CHECK, ended);
        report.errors().forEach(error -> workplace.log().warn("damage", Map.of("what", error)));
        report.hints().forEach(hint -> workplace.log().info("harmless", Map.of("what", hint)));
        if (!report.clean()) return new Rejected("repository-damaged", damage(report));
        census.end();
        catalogue.bringInLine(run, workplace);
        var asked = Optional.of(report).filter(_ -> check.readData() == ReadData.CHECKSUMS);
        return new Succeeded(new JobResult.Checked(
                report.packs(),
                report.blobs(),
                List.of(),
                asked.map(CheckReport::packsVouchedFor),
                asked.map(CheckReport::packsWithoutChecksum)));
    }

    /** Which packs to read whole; the sample is another one each day. */
    static Checker.ReadData part(ReadData readData, Instant now) {
        return switch (readData) {
            case NONE -> new Checker.ReadData.Nothing();
            case CHECKSUMS -> new Checker.ReadData.Checksums();
            case SAMPLE -> {
                var day = Math.floorMod(
                        now.getEpochSecond() / ChronoUnit.DAYS.getDuration().toSeconds(), PARTS);
                yield new Checker.ReadData.Part(day, PARTS);
            }
            case ALL -> new Checker.ReadData.Everything();
        };
    }

    private static String damage(CheckReport report) {
        var shown = report.errors().stream().limit(SHOWN).toList();
        var rest = report.errorCount() > shown.size() ? " …" : "";
        return "%d errors in %d packs: %s%s"
                .formatted(report.errorCount(), report.packs(), String.join("; ", shown), rest);
    }
}
