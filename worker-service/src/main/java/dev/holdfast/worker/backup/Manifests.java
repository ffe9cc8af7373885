package dev.holdfast.worker.backup;

import dev.holdfast.job.Json;
import dev.holdfast.repositories.JobLogs;
import dev.holdfast.repositories.Repositories;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.worker.backup.Workplaces.Workplace;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Where the parts of a backup leave word of what they have stored: beside the repository, in a folder that restic does
 * not look into, sealed with the repository's key.
 */
@Singleton
final class Manifests {

    private static final Logger LOG = Logger.getLogger(Manifests.class);

    /** What a reader believes at most: a part's folders and index files. */
    private static final int LARGEST = 256 << 20;

    private final Repositories repositories;

    Manifests(Repositories repositories) {
        this.repositories = repositories;
    }

    private static String folder(String job) {
        return "x-fleet/jobs/" + job;
    }

    /** Stores a manifest; returns its name. {@code job}: the whole backup's. */
    String store(Workplace at, String job, Manifest manifest) throws IOException {
        var sealed = at.repository().sealJson(Json.write(manifest).getBytes(StandardCharsets.UTF_8));
        var name = Id.hashOf(sealed).toHex();
        repositories.storage(at.stored()).putIfAbsent(folder(job) + "/" + name, Content.of(sealed));
        return name;
    }

    Manifest load(Workplace at, String job, String name) throws IOException {
        var sealed = repositories.storage(at.stored()).get(folder(job) + "/" + name, 0, LARGEST);
        var json = at.repository().openJson(Id.parse(name), sealed);
        return Json.read(new String(json, StandardCharsets.UTF_8), Manifest.class);
    }

    /** Removes all manifests of a backup that has ended well, and no logs. What stays does no harm. */
    void remove(Workplace at, String job) {
        var storage = repositories.storage(at.stored());
        var keys = new ArrayList<String>();
        try {
            storage.list(folder(job), object -> {
                if (!JobLogs.isLog(object.key())) keys.add(object.key());
            });
            for (var key : keys) storage.delete(List.of(key));
        } catch (IOException | ResticException unreachable) {
            LOG.warnf("manifests of a backup stay jobId=%s error=%s", job, unreachable.getMessage());
        }
    }
}
