package dev.holdfast.notify.mail;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobError;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobResult;
import dev.holdfast.notify.mail.Templates.Detail;
import dev.holdfast.users.User;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.Variant;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;

/** Writes the mail that a recipient gets about the end of a job. */
@Singleton
public final class MailWriter {

    private final PublicConfig config;

    MailWriter(PublicConfig config) {
        this.config = config;
    }

    /** To a user who has just been registered. */
    public Mail welcome(User user) {
        var url = config.url() + "/v1/users/confirm?token=" + user.confirmationToken();
        return mail("welcome", "Welcome, " + user.username(), Templates.welcome(user.username(), url));
    }

    /** To whoever wants to know that a job is done. */
    public Mail jobSucceeded(Job job, JobResult result) {
        var type = job.spec().type().wireName();
        return mail(
                "job-succeeded",
                "Succeeded: %s %s".formatted(type, shortId(job)),
                Templates.jobSucceeded(type, job.id().toString(), details(result)));
    }

    /** To whoever wants to know that a job was given up. */
    public Mail jobFailed(Job job, JobError error) {
        var type = job.spec().type().wireName();
        return mail(
                "job-failed",
                "Failed: %s %s (%s)".formatted(type, shortId(job), error.code()),
                Templates.jobFailed(
                        type,
                        job.id().toString(),
                        error.code(),
                        error.message(),
                        error.attempt(),
                        advice(job.spec().payload(), error)));
    }

    private static List<Detail> details(JobResult result) {
        return switch (result) {
            case JobResult.Registered(var userId) -> List.of(new Detail("User", userId));
            case JobResult.BackedUp backup ->
                List.of(
                        new Detail("Snapshot", backup.snapshotId()),
                        new Detail(
                                "Files",
                                "%d new, %d changed, %d unmodified"
                                        .formatted(backup.filesNew(), backup.filesChanged(), backup.filesUnmodified())),
                        new Detail("Read", bytes(backup.bytesProcessed())),
                        new Detail("Added to the repository", bytes(backup.bytesAdded())),
                        new Detail("Skipped", backup.skipped().size() + " files"),
                        new Detail("Duration", "%.1f s".formatted(backup.durationSeconds())));
            case JobResult.Restored(var files, var size, var url) ->
                List.of(
                        new Detail("Files", Long.toString(files)),
                        new Detail("Size", bytes(size)),
                        new Detail(
                                "Download (24 hours)", url.map(Object::toString).orElse("none")));
        };
    }

    /** What the reader can do about it. */
    private static String advice(JobPayload payload, JobError error) {
        return switch (error.code()) {
            case "email-taken" ->
                "If you have registered before, sign in instead. If it was not you, there is nothing to do: nothing was changed.";
            case "username-taken" -> "Please register again with another username.";
            case "repository-not-found",
                    "snapshot-not-found",
                    "snapshot-ambiguous",
                    "parent-not-found",
                    "path-not-found" -> "Check the names in the request and submit the job again.";
            case "upload-not-found", "upload-missing", "size-mismatch", "checksum-mismatch" ->
                "Upload the file again, then submit a new job with the new uploadId.";
            case "key-unavailable", "connection-unusable", "repository-damaged" ->
                "Ask whoever runs Holdfast: the repository cannot be used until its key, its connection or its content is put right.";
            case "deadline-exceeded" ->
                "Submit the job again with a later deadline, or add workers to the lane %s."
                        .formatted(payload.type().lane().wireName());
            case "quarantined" -> "Look at the workers' logs around these times before the job is tried again.";
            default ->
                error.retryable()
                        ? "This may pass by itself: submit the job again, and look at the workers' logs if it fails again."
                        : "Correct the request and submit the job again.";
        };
    }

    private static Mail mail(String name, String subject, TemplateInstance template) {
        return new Mail(name, subject, render(template, Variant.TEXT_HTML), render(template, Variant.TEXT_PLAIN));
    }

    private static String render(TemplateInstance template, String contentType) {
        return template.setAttribute(TemplateInstance.SELECTED_VARIANT, Variant.forContentType(contentType))
                .render();
    }

    private static String shortId(Job job) {
        return job.id().toString().substring(0, 8);
    }

    private static String bytes(long bytes) {
        if (bytes < 1024) return bytes + " bytes";
        var exponent = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        return String.format(Locale.ROOT, "%.1f %siB", bytes / Math.pow(1024, exponent), "KMGTPE".charAt(exponent - 1));
    }
}
