package dev.holdfast.worker;

import dev.holdfast.job.JobPayload;
import dev.holdfast.job.Outcome;
import dev.holdfast.run.JobHandler;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.BackupHandler;
import dev.holdfast.worker.backup.RestoreHandler;
import dev.holdfast.worker.registration.RegistrationHandler;
import jakarta.inject.Singleton;

/** Which handler does which kind of work: all of it on one screen, and checked by the compiler. */
@Singleton
final class Router implements JobHandler {

    private final RegistrationHandler registrations;
    private final BackupHandler backups;
    private final RestoreHandler restores;

    Router(RegistrationHandler registrations, BackupHandler backups, RestoreHandler restores) {
        this.registrations = registrations;
        this.backups = backups;
        this.restores = restores;
    }

    @Override
    public Outcome handle(Run run) throws Exception {
        return switch (run.job().spec().payload()) {
            case JobPayload.Registration registration -> registrations.handle(run, registration);
            case JobPayload.Backup backup -> backups.handle(run, backup);
            case JobPayload.BackupShard shard -> backups.handle(run, shard);
            case JobPayload.Restore restore -> restores.handle(run, restore);
        };
    }
}
