package dev.holdfast.worker;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while there is room for temporary files; backups keep theirs there. */
@Readiness
@Singleton
final class DiskReadiness implements HealthCheck {

    private static final long LEAST_BYTES = 64L * 1024 * 1024;

    private final Path folder = Path.of(System.getProperty("java.io.tmpdir"));

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("temporary-files");
        try {
            var free = Files.getFileStore(folder).getUsableSpace();
            return response.withData("freeBytes", free)
                    .status(free >= LEAST_BYTES)
                    .build();
        } catch (IOException gone) {
            return response.withData("error", String.valueOf(gone.getMessage()))
                    .down()
                    .build();
        }
    }
}
