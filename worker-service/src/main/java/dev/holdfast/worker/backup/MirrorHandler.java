package dev.holdfast.worker.backup;

import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.job.Outcome;
import dev.holdfast.job.Outcome.Rejected;
import dev.holdfast.job.Outcome.Succeeded;
import dev.holdfast.repositories.Connection;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.repositories.S3Storage;
import dev.holdfast.restic.Checker;
import dev.holdfast.restic.Mirror;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.run.Run;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;

/**
 * Copies a repository as it is into the bucket of a connection, and checks the copy. What is there is never deleted nor
 * copied again, so that any run goes on where another one ended.
 */
@Singleton
public final class MirrorHandler {

    private static final int COPIERS = 2;

    private final Workplaces workplaces;
    private final Repositories repositories;

    MirrorHandler(Workplaces workplaces, Repositories repositories) {
        this.workplaces = workplaces;
        this.repositories = repositories;
    }

    /** Mirrors the payload's repository. */
    public Outcome handle(Run run, JobPayload.Mirror mirror) throws IOException, InterruptedException {
        return workplaces.work(run, mirror.repository(), workplace -> {
            var to = repositories.connection(run.job().tenant(), mirror.to());
            if (to.isEmpty()) {
                return new Rejected("connection-not-found", "There is no connection " + mirror.to() + ".");
            }
            if (to.get().bucket().isEmpty()) {
                return new Rejected("connection-unusable", "Connection " + mirror.to() + " has no bucket.");
            }
            if (workplace.stored().connection().equals(Optional.of(mirror.to()))) {
                return new Rejected("mirror-onto-itself", "The repository lies on connection " + mirror.to() + ".");
            }
            return mirror(run, workplace, to.get());
        });
    }

    private Outcome mirror(Run run, Workplace workplace, Connection to) {
        var target = repositories.mirror(workplace.stored(), to);
        Mirror.Report copied;
        try {
            copied = Mirror.copy(
                    workplace.repository(),
                    target,
                    COPIERS,
                    workplace.progress(run, "bytes", "copying"),
                    workplace.keeping(run));
        } catch (ResticException.AlreadyExists another) {
            return new Rejected(
                    "place-taken",
                    "There is another repository at %s of connection %s."
                            .formatted(workplace.stored().prefix(), to.name()));
        } catch (ResticException.Missing gone) {
            return new Rejected("repository-damaged", "The repository is not whole: " + gone.getMessage() + ".");
        }
        return verify(run, workplace, target)
                .<Outcome>map(error -> new Rejected("mirror-damaged", "The mirror is not whole: " + error + "."))
                .orElseGet(() -> new Succeeded(new JobResult.Mirrored(
                        copied.objects(),
                        copied.copied(),
                        copied.bytesCopied(),
                        repositories.mirrorUrl(workplace.stored(), to))));
    }

    /** The bytes were verified on their way, by both sides: what is looked for is that nothing is missing. */
    private static Optional<String> verify(Run run, Workplace workplace, S3Storage target) {
        var source = workplace.repository();
        var mirror = Repository.open(target, source.masterKey(), source.environment());
        var report = Checker.check(
                mirror,
                new Checker.ReadData.Nothing(),
                COPIERS,
                workplace.progress(run, "packs", "checking the mirror,"),
                workplace.keeping(run));
        return report.errors().stream().findFirst();
    }
}
