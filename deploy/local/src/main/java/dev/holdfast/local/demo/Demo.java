package dev.holdfast.local.demo;

import dev.holdfast.local.AwsEndpoints;
import dev.holdfast.local.Checkout;
import dev.holdfast.local.Stack;
import java.io.PrintStream;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Uses a running stack as a user would: a registration, a backup, a look at the snapshot, a restore, the mails. */
public final class Demo {
    private static final String OPERATOR = "ops@example.org";
    private static final Duration MAIL_PATIENCE = Duration.ofSeconds(30);

    private final Api api;
    private final AwsEndpoints aws;
    private final String key;
    private final URI mailbox;
    private final Archive archive;
    private final Story story;
    private final String run = HexFormat.of().formatHex(bytes());
    private final String userMail = "ada." + run + "@example.org";
    private String step = "";

    private Demo(Stack stack, URI mailbox, Archive archive, PrintStream out) {
        this.api = new Api(stack.url(), stack.apiKey());
        this.aws = stack.aws();
        this.key = stack.apiKey();
        this.mailbox = mailbox;
        this.archive = archive;
        this.story = new Story(out);
    }

    /**
     * Runs all steps and prints what came of them.
     *
     * @return true if every step held; else the failing step and what was received were printed
     */
    public static boolean run(Stack stack, Checkout checkout, PrintStream out) {
        Demo demo = new Demo(
                stack,
                stack.aws().mailbox().orElseThrow(() -> new StepFailed("no mailbox")),
                Archive.ofProject(checkout.root()),
                out);
        try {
            demo.play();
            return true;
        } catch (StepFailed failure) {
            demo.story.failed(demo.step, String.valueOf(failure.getMessage()));
            return false;
        }
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[4];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private void play() {
        JsonNode registration = register();
        JsonNode backup = backup();
        String snapshot = text(backup.path("result"), "snapshotId");
        lookAt(snapshot);
        restore(snapshot);
        withoutUs(snapshot);
        mails(List.of(text(registration, "id"), text(backup, "id")));
    }

    private JsonNode register() {
        step("Registration of a new user");
        JsonNode accepted = api.submit(
                "demo-registration-" + run,
                job(
                        "registration",
                        Map.of("username", "ada-" + run, "email", userMail, "attributes", Map.of("plan", "pro")),
                        true));
        JsonNode job = api.awaitSuccess(text(accepted, "id"));
        story.job(job);
        text(job.path("result"), "userId");
        return job;
    }

    private JsonNode backup() {
        step("Backup of " + archive.folder().getFileName() + "/ (" + archive.files() + " files)");
        JsonNode upload = api.post(
                "/v1/uploads",
                Map.of("name", archive.name(), "size", archive.bytes().length, "sha256", archive.sha256()),
                201);
        Map<String, String> headers = new LinkedHashMap<>();
        upload.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString("")));
        api.upload(text(upload, "method"), text(upload, "url"), headers, archive.bytes());
        story.line("uploaded %s (%s) straight to the bucket"
                .formatted(archive.name(), story.bytes(archive.bytes().length)));
        JsonNode accepted = api.submit(
                "demo-backup-" + run,
                job(
                        "backup",
                        Map.of(
                                "repository",
                                "default",
                                "source",
                                Map.of("kind", "upload", "uploadId", text(upload, "uploadId"))),
                        true));
        JsonNode job = api.awaitSuccess(text(accepted, "id"));
        story.job(job);
        return job;
    }

    private void lookAt(String snapshot) {
        step("The snapshot in the repository");
        JsonNode list = api.get("/v1/repositories/default/snapshots");
        for (JsonNode item : list.path("items")) {
            if (item.path("id").asString("").equals(snapshot)) {
                story.line(item.toString());
                return;
            }
        }
        throw new StepFailed("snapshot " + snapshot + " should be in the list: " + list);
    }

    private void restore(String snapshot) {
        step("Restore");
        JsonNode accepted = api.submit(
                "demo-restore-" + run,
                job(
                        "restore",
                        Map.of("repository", "default", "snapshot", snapshot, "target", Map.of("kind", "download")),
                        false));
        JsonNode job = api.awaitSuccess(text(accepted, "id"));
        story.job(job);
        byte[] restored = api.download(text(job.path("result"), "downloadUrl"));
        story.line("uploaded  %10d bytes  SHA-256 %s".formatted(archive.bytes().length, archive.sha256()));
        story.line("restored  %10d bytes  SHA-256 %s".formatted(restored.length, Archive.sha256(restored)));
        if (!Archive.sha256(restored).equals(archive.sha256())) {
            throw new StepFailed("the restored bytes differ from the uploaded ones");
        }
        story.line("byte for byte the same");
    }

    /** The same repository through the public tool: its password is the key of this installation. */
    private void withoutUs(String snapshot) {
        step("The repository without Holdfast");
        String url = text(api.get("/v1/repositories/default"), "resticUrl");
        ResticCommand restic = new ResticCommand(aws, url, key);
        story.line("RESTIC_REPOSITORY=" + url + " RESTIC_PASSWORD=" + key);
        if (!ResticCommand.isThere()) {
            story.line("NOT VERIFIED: there is no restic on the path; with it, restic snapshots lists this backup");
            return;
        }
        story.line("$ restic snapshots");
        String snapshots = restic.run("snapshots", "--compact");
        snapshots.lines().forEach(story::line);
        if (!snapshots.contains(snapshot.substring(0, 8))) {
            throw new StepFailed("restic should list the snapshot " + snapshot);
        }
        story.line("$ restic check --read-data");
        restic.run("check", "--read-data").lines().forEach(story::line);
    }

    private void mails(List<String> announcedJobs) {
        step("Mails");
        long deadline = System.nanoTime() + MAIL_PATIENCE.toNanos();
        JsonNode all = api.read(mailbox.resolve("/mailbox/api/messages"));
        while (count(all, userMail) < 1 || count(all, OPERATOR) < announcedJobs.size()) {
            if (System.nanoTime() > deadline) {
                throw new StepFailed("there should be a mail to " + userMail + " and " + announcedJobs.size() + " to "
                        + OPERATOR + ", there are: " + all.toPrettyString());
            }
            pause();
            all = api.read(mailbox.resolve("/mailbox/api/messages"));
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            story.mail(all.get(i));
        }
    }

    private static int count(JsonNode mails, String address) {
        int count = 0;
        for (JsonNode mail : mails) {
            for (JsonNode to : mail.path("to")) {
                if (to.asString("").contains(address)) {
                    count++;
                }
            }
        }
        return count;
    }

    private static Map<String, Object> job(String type, Map<String, Object> payload, boolean announced) {
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("type", type);
        job.put("payload", payload);
        if (announced) {
            job.put("notify", Map.of("email", List.of(OPERATOR), "on", List.of("succeeded", "failed")));
        }
        return job;
    }

    private void step(String title) {
        step = title;
        story.step(title);
    }

    private static String text(JsonNode parent, String field) {
        JsonNode child = parent.path(field);
        if (!child.isString() || child.stringValue().isEmpty()) {
            throw new StepFailed("'" + field + "' is missing in: " + parent.toPrettyString());
        }
        return child.stringValue();
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailed("interrupted");
        }
    }
}
