package dev.holdfast.worker;

import dev.holdfast.job.JobPayload;
import dev.holdfast.job.Outcome;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.BackupHandler;
import dev.holdfast.worker.backup.CheckHandler;
import dev.holdfast.worker.backup.DrillHandler;
import dev.holdfast.worker.backup.ForgetHandler;
import dev.holdfast.worker.backup.MirrorHandler;
import dev.holdfast.worker.backup.PruneHandler;
import dev.holdfast.worker.backup.RestoreHandler;
import dev.holdfast.worker.registration.RegistrationHandler;
import jakarta.inject.Singleton;

/** Which handler does which kind of work: all of it on one screen, and checked by the compiler. */
@Singleton
final class Router implements JobHandler {

    private final RegistrationHandler registrations;
    private final BackupHandler backups;
    private final RestoreHandler restores;
    private final CheckHandler checks;
    private final ForgetHandler forgets;
    private final PruneHandler prunes;
    private final MirrorHandler mirrors;
    private final DrillHandler drills;

    Router(
            RegistrationHandler registrations,
            BackupHandler backups,
            RestoreHandler restores,
            CheckHandler checks,
            ForgetHandler forgets,
            PruneHandler prunes,
            MirrorHandler mirrors,
            DrillHandler drills) {
        this.registrations = registrations;
        this.backups = backups;
        this.restores = restores;
        this.checks = checks;
        this.forgets = forgets;
        this.prunes = prunes;
        this.mirrors = mirrors;
        this.drills = drills;
    }

    @Override
    public Outcome handle(Run run) throws Exception {
        return switch (run.job().spec().payload()) {
            case JobPayload.Registration registration -> registrations.handle(run, registration);
            case JobPayload.Backup backup -> backups.handle(run, backup);
            case JobPayload.BackupShard shard -> backups.handle(run, shard);
            case JobPayload.Restore restore -> restores.handle(run, restore);
            case JobPayload.RestoreShard shard -> restores.handle(run, shard);
            case JobPayload.Check check -> checks.handle(run, check);
            case JobPayload.Forget forget -> forgets.handle(run, forget);
            case JobPayload.Prune prune -> prunes.handle(run, prune);
            case JobPayload.Mirror mirror -> mirrors.handle(run, mirror);
            case JobPayload.Drill drill -> drills.handle(run, drill);
        };
    }
}
