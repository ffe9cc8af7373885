package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Each service's role in Terraform allows what that service did in all other whole-system tests, and nothing else. Runs
 * when they are over; of a build with {@code -Dit.test} only the first half can be judged.
 */
class AwsPermissionsIT {

    private static final Path MODULE = Cloud.CHECKOUT.root().resolve("deploy/terraform/modules/holdfast");

    /** What only {@code holdfast.resources.provision=true} asks for: Terraform does it in production. */
    private static final Pattern PROVISIONING =
            Pattern.compile(".* (sqs:CreateQueue|dynamodb:CreateTable|dynamodb:UpdateTable|dynamodb:UpdateTimeToLive"
                    + "|s3:CreateBucket|s3:PutBucketVersioning|s3:PutPublicAccessBlock"
                    + "|s3:PutBucketLifecycleConfiguration|ses:CreateEmailIdentity)");

    /** By which a service provisions a queue, and does not look at it later. */
    private static final Map<String, Set<String>> PROVISIONED = Map.of(
            "worker",
                    Set.of(
                            "queue/quick-dlq sqs:GetQueueAttributes",
                            "queue/bulk-dlq sqs:GetQueueAttributes",
                            "queue/webhooks-dlq sqs:GetQueueAttributes",
                            "queue/events-dlq sqs:GetQueueAttributes"),
            "notify",
                    Set.of(
                            "queue/events-dlq sqs:GetQueueAttributes",
                            "queue/webhooks-dlq sqs:GetQueueAttributes",
                            "queue/mail-feedback-dlq sqs:GetQueueAttributes"),
            "ingest",
                    Set.of(
                            "queue/quick-dlq sqs:GetQueueAttributes",
                            "queue/bulk-dlq sqs:GetQueueAttributes",
                            "queue/webhooks-dlq sqs:GetQueueAttributes",
                            "queue/events-dlq sqs:GetQueueAttributes"));

    /** Signed by a service and used by its client: no meter of ours sees the request. */
    private static final Map<String, Set<String>> SIGNED = Map.of(
            "ingest", Set.of("objects/uploads s3:PutObject"),
            "worker", Set.of("objects/restores s3:GetObject"),
            "notify", Set.of());

    /** Needed, but met by no test of the gate, with the reason. */
    private static final Map<String, Map<String, String>> RARE = Map.of(
            "ingest",
                    Map.of(
                            "table/catalog dynamodb:DeleteItem",
                            "dead letters of a batch that was throttled, one by one",
                            "key/repositories kms:Encrypt",
                            "no stand-in has KMS; see KeyWrapTest",
                            "key/repositories kms:Decrypt",
                            "no stand-in has KMS; see KeyWrapTest",
                            "queue/webhooks-dlq sqs:DeleteMessage",
                            "as on events: a message that nobody can read",
                            "table/notifications dynamodb:PutItem",
                            "the key of unsubscribe links, where ingest is asked before any mail was sent"),
            "worker",
                    Map.ofEntries(
                            Map.entry("key/repositories kms:Decrypt", "no stand-in has KMS; see KeyWrapTest"),
                            Map.entry(
                                    "table/jobs dynamodb:PutItem",
                                    "children of a job that fans out; no type here does"),
                            Map.entry(
                                    "table/jobs dynamodb:GetItem", "a job whose claim came back damaged is read again"),
                            Map.entry(
                                    "table/user_data dynamodb:GetItem", "a run that meets the traces of one before it"),
                            Map.entry(
                                    "targets/objects s3:AbortMultipartUpload", "a restore of a large file that fails"),
                            Map.entry("objects/restores s3:AbortMultipartUpload", "a large download that fails"),
                            Map.entry(
                                    "queue/quick sqs:ChangeMessageVisibility",
                                    "heartbeats and retries, of processes that are killed"),
                            Map.entry("queue/bulk sqs:ChangeMessageVisibility", "as on quick"),
                            Map.entry("queue/quick sqs:SendMessage", "a fresh message after 11 hours"),
                            Map.entry("queue/bulk sqs:SendMessage", "a fresh message after 11 hours"),
                            Map.entry("queue/bulk-dlq sqs:GetQueueUrl", "as on quick: a message that nobody can read"),
                            Map.entry("queue/bulk-dlq sqs:SendMessage", "as on quick: a message that nobody can read")),
            "notify",
                    Map.of(
                            "queue/events sqs:ChangeMessageVisibility", "a mail that SES throttles waits",
                            "queue/webhooks-dlq sqs:GetQueueUrl", "as on events: a message that nobody can read",
                            "queue/webhooks-dlq sqs:SendMessage", "as on events: a message that nobody can read",
                            "queue/events-dlq sqs:GetQueueUrl", "an event that nobody can read",
                            "queue/events-dlq sqs:SendMessage", "an event that nobody can read",
                            "table/catalog dynamodb:DeleteItem", "a notifier that stops leaves its part of the rate",
                            "queue/mail-feedback sqs:ChangeMessageVisibility", "a table that does not answer",
                            "queue/mail-feedback-dlq sqs:GetQueueUrl", "what nobody can read",
                            "queue/mail-feedback-dlq sqs:SendMessage", "what nobody can read"));

    @Test
    void rolesAllowWhatServicesDoAndNothingElse() throws IOException {
        var asked = AwsPermissions.asked();
        var granted = new ObjectMapper().readTree(Files.readString(MODULE.resolve("permissions.json")));

        // then
        var wholeRun = System.getProperty("it.test") == null;
        var faults = new ArrayList<String>();
        for (var service : List.of("ingest", "worker", "notify")) {
            faults(service, asked.getOrDefault(service, Set.of()), granted.path(service))
                    .forEach(fault -> faults.add(service + " " + fault));
        }
        if (!wholeRun) {
            System.out.println(
                    "NOT VERIFIED: that each permission is needed, in a run of some tests only; not yet used: "
                            + faults.stream().filter(AwsPermissionsIT::unused).toList());
            faults.removeIf(AwsPermissionsIT::unused);
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void missingAndUnusedPermissionsAreBothSeen() throws IOException {
        var granted = new ObjectMapper().readTree("""
                {"queue/quick": ["sqs:ReceiveMessage", "sqs:PurgeQueue"]}""");
        var asked = Set.of("queue/quick sqs:ReceiveMessage", "queue/quick sqs:DeleteMessage");

        assertThat(faults("notify", asked, granted))
                .containsExactly("missing: queue/quick sqs:DeleteMessage", "unused: queue/quick sqs:PurgeQueue");
    }

    /** Every place that signs a request for others is known here. */
    @Test
    void signedRequestsAreListed() throws IOException {
        var signing = new TreeSet<String>();
        for (var service : SIGNED.keySet()) {
            try (var files = Files.walk(Cloud.CHECKOUT.root().resolve(service + "-service/src/main/java"))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    Pattern.compile("\\.presign(\\w+)\\(")
                            .matcher(Files.readString(file))
                            .results()
                            .map(call -> call.group(1).equals("UploadPart") ? "PutObject" : call.group(1))
                            .forEach(action -> signing.add(service + " s3:" + action));
                }
            }
        }

        assertThat(signing)
                .isEqualTo(SIGNED.entrySet().stream()
                        .flatMap(entry -> entry.getValue().stream()
                                .map(permission -> entry.getKey() + permission.substring(permission.indexOf(' '))))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static boolean unused(String fault) {
        return fault.contains("unused: ");
    }

    private static List<String> faults(String service, Set<String> asked, JsonNode granted) {
        var used = new TreeSet<>(asked);
        used.removeIf(permission -> PROVISIONING.matcher(permission).matches()
                || PROVISIONED.getOrDefault(service, Set.of()).contains(permission));
        var allowed = new TreeSet<String>();
        granted.properties()
                .forEach(grant ->
                        grant.getValue().forEach(action -> allowed.add(grant.getKey() + " " + action.asText())));
        var faults = new ArrayList<String>();
        for (var permission : used) {
            if (!allowed.contains(permission)) faults.add("missing: " + permission);
        }
        used.addAll(SIGNED.getOrDefault(service, Set.of()));
        used.addAll(RARE.getOrDefault(service, Map.of()).keySet());
        for (var permission : allowed) {
            if (!used.contains(permission)) faults.add("unused: " + permission);
        }
        return faults;
    }
}
